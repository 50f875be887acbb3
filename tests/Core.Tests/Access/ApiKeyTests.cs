using ClickToDial.Core.Access;

namespace ClickToDial.Core.Tests.Access;

public sealed class ApiKeyTests
{
    private const string Secret = "0123456789abcdefABCDEF";

    [Fact]
    public void RightSecret_ProvesAndOthersDoNot()
    {
        Assert.True(ApiKey.TryParse($"ctd_demo_{Secret}", out var key));
        Assert.Equal("demo", key.Id);
        Assert.True(key.Proves(ApiKey.HashOf(Secret)));
        Assert.False(key.Proves(ApiKey.HashOf(Secret + "0")));
        Assert.False(key.Proves(""));
    }

    [Fact]
    public void Text_HidesTheSecret()
    {
        Assert.True(ApiKey.TryParse($"ctd_demo_{Secret}", out var key));
        Assert.DoesNotContain(Secret, key.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ctd_")]
    [InlineData("ctd_demo")]
    [InlineData("ctd__0123456789abcdef")]
    [InlineData("ctd_demo_short")]
    [InlineData("ctd_Demo_0123456789abcdef")]
    [InlineData("ctd_demo_0123456789abcde_")]
    [InlineData("xtd_demo_0123456789abcdef")]
    public void OtherForms_AreNoKeys(string? text) => Assert.False(ApiKey.TryParse(text, out _));

    [Fact]
    public void TokenList_AcceptsAnyOfItsTokensAndNothingElse()
    {
        var hashed = TokenList.HashPrefix + ApiKey.HashOf("previous-token-0123");
        var tokens = new TokenList(["current-token-01234", hashed]);

        Assert.True(tokens.Accepts("current-token-01234"));
        Assert.True(tokens.Accepts("previous-token-0123"));
        Assert.False(tokens.Accepts(hashed));
        Assert.False(tokens.Accepts("current-token-0123"));
        Assert.False(tokens.Accepts(""));
        Assert.False(tokens.Accepts(null));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("sha256:abc")]
    [InlineData("@Microsoft.KeyVault(SecretUri=https://kv-ctd-dev-x.vault.azure.net/secrets/worker-token-b)")]
    [InlineData(null)]
    public void TokenList_RefusesOtherForms(string? configured) => Assert.False(TokenList.IsValid(configured));
}
