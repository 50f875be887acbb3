using ClickToDial.Core.Links;

namespace ClickToDial.Core.Tests.Links;

/// <summary>Rows V1 to V4: dial links as they are documented, and as old clients write them.</summary>
public sealed class LinkQueryTests
{
    [Theory]
    [InlineData("?user=101&dest=%2B4930", LinkForm.Challenge, false)]
    [InlineData("user=101%40d.test&dest=102&connect=true", LinkForm.Challenge, true)]
    [InlineData("?user=101&extension=true&dest=102&time=1700000000&duration=60&auth=0123456789abcdef0123456789ABCDEF", LinkForm.Hash, false)]
    [InlineData("?user=101&extension=true&dest=102&time=1700000000&duration=60&;auth=0123456789abcdef0123456789abcdef&connect=true", LinkForm.Hash, true)]
    [InlineData("?user=101&amp;extension=true&amp;dest=102&amp;time=1&amp;auth=0123456789abcdef0123456789abcdef", LinkForm.Hash, false)]
    [InlineData("?user=101&dest=102&time=1&auth=0123456789abcdef0123456789abcdef", LinkForm.Hash, false)]
    [InlineData("?user=101&dest=102&auth=MTAxQGQudGVzdDpwYXNz&connect=1&src=x&name=Y", LinkForm.Password, true)]
    [InlineData("?user=101&dest=102&auth=101%40d.test:pass", LinkForm.Password, false)]
    public void Forms_AreTold_Apart(string query, LinkForm form, bool connect)
    {
        var read = LinkQuery.TryParse(query);
        Assert.NotNull(read);
        Assert.Equal((form, connect, "101"), (LinkCredentials.FormOf(read), read.Connect, read.Account.Name));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("?user=101")]
    [InlineData("?dest=101")]
    [InlineData("?user=&dest=101")]
    [InlineData("?user=101&dest=102&dest=103")]
    [InlineData("?user=101&dest=%4")]
    [InlineData("?user=101&dest=%zz")]
    [InlineData("?user=101&dest=%ff")]
    [InlineData("?user=101&dest=a%0d%0ab")]
    [InlineData("?user=101&dest=\u00e9")]
    public void WhatIsNoLink_IsRefused(string? query) => Assert.Null(LinkQuery.TryParse(query));

    [Fact]
    public void Values_AreDecodedAndPlusIsItself()
    {
        var read = LinkQuery.TryParse("?user=101&dest=+49%2030+1&auth=a%2Bb+c%2F%C3%A9");
        Assert.Equal(("+49 30+1", "a+b+c/é"), (read!.Destination, read.Auth));
    }

    [Fact]
    public void Length_IsBounded()
    {
        Assert.NotNull(LinkQuery.TryParse("?user=101&dest=102&src=" + new string('x', 500)));
        Assert.Null(LinkQuery.TryParse("?user=101&dest=102&src=" + new string('x', 513)));
        Assert.Null(LinkQuery.TryParse("?user=101&dest=102" + string.Concat(Enumerable.Repeat("&a", 40))));
    }

    [Theory]
    [InlineData("MTAxQGRvbWFpbi5jb206cGFzczp3b3Jk", "101@domain.com", "pass:word")]
    [InlineData("MTIzQGRvbWFpbi5jb206cGFzc3dvcmQ=", "123@domain.com", "password")]
    [InlineData("MTIzQGRvbWFpbi5jb206cGFzc3dvcmQ", "123@domain.com", "password")]
    [InlineData("101@d.test:a:b", "101@d.test", "a:b")]
    [InlineData("nonsense!", null, null)]
    [InlineData(":password", null, null)]
    public void Password_IsReadFromBase64OrPlainly(string auth, string? account, string? password)
    {
        var read = LinkCredentials.ReadPassword(auth);
        Assert.Equal((account, password), (read?.Account, read?.Password));
    }

    [Fact]
    public void Hash_IsOfUserPasswordDestinationTimeAndDuration()
    {
        // Of "101" + "secret" + "+4930" + "1700000000" + "60", and of the same without the duration.
        var link = new LinkQuery("101", "+4930", "1700000000", "60", null, IsExtension: true, Connect: false);
        Assert.True(LinkCredentials.HashFits(link with { Auth = Md5("101secret+4930170000000060") }, "secret"));
        Assert.True(LinkCredentials.HashFits(link with { Auth = Md5("101secret+4930170000000060").ToUpperInvariant() }, "secret"));
        Assert.True(LinkCredentials.HashFits(link with { Duration = null, Auth = Md5("101secret+49301700000000") }, "secret"));
        Assert.False(LinkCredentials.HashFits(link with { Auth = Md5("101secret+4930170000000060") }, "Secret"));
        Assert.False(LinkCredentials.HashFits(link with { Destination = "+4931", Auth = Md5("101secret+4930170000000060") }, "secret"));
        Assert.False(LinkCredentials.HashFits(link with { Auth = "zz" }, "secret"));
    }

    [Theory]
    [InlineData("1000", "60", 1060)]
    [InlineData("1000", null, 8200)]
    [InlineData("1000", "999999", 87400)]
    [InlineData("1121", "60", null)]
    [InlineData("1119", "60", 1179)]
    [InlineData("-1", "60", null)]
    [InlineData("1000", "x", null)]
    [InlineData(null, "60", null)]
    [InlineData("01000", "60", null)]
    [InlineData("1000", "060", null)]
    [InlineData("1000", "00", null)]
    [InlineData("1000", "0", 1000)]
    [InlineData("99999999999999999999", "60", null)]
    public void Hash_IsGoodForItsTime(string? time, string? duration, int? until)
    {
        var link = new LinkQuery("101", "102", time, duration, "", IsExtension: true, Connect: false);
        var expiry = LinkCredentials.ExpiryOf(link, DateTimeOffset.FromUnixTimeSeconds(1000), TimeSpan.FromDays(1));
        Assert.Equal(until, (int?)expiry?.ToUnixTimeSeconds());
    }

#pragma warning disable CA5351 // Their form.
    private static string Md5(string text) => Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}
