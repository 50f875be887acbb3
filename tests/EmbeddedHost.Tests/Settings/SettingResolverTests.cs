using ClickToDial.EmbeddedHost.Settings;
using Microsoft.Extensions.Configuration;

namespace ClickToDial.EmbeddedHost.Tests.Settings;

public sealed class SettingResolverTests
{
    private readonly SettingResolver _resolver = new(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Queue"] = "calls",
        ["Section:Name"] = "in",
        ["Empty"] = "",
        ["AzureWebJobsStorage"] = "default",
        ["AzureWebJobsNamed"] = "with prefix",
        ["Named"] = "without prefix",
        ["Plain"] = "plain",
        ["ConnectionStrings:Listed"] = "listed",
        ["Identity:queueServiceUri"] = "https://account.queue.core.windows.net",
        ["AzureWebJobs.Off.Disabled"] = "True",
        ["AzureWebJobs_OffToo_Disabled"] = "1",
        ["AzureWebJobs.On.Disabled"] = "no",
    }).Build());

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("%Queue%", "calls")]
    [InlineData("%queue%-%Section:Name%-x", "calls-in-x")]
    [InlineData("", "")]
    public void Names_AreReplacedByTheirSettings(string text, string expected)
    {
        Assert.Equal(expected, _resolver.Resolve(text, out var error));
        Assert.Null(error);
    }

    [Theory]
    [InlineData("%Missing%", "'Missing', which is not set")]
    [InlineData("%Empty%", "'Empty', which is not set")]
    [InlineData("a%Queue", "single '%'")]
    [InlineData("%Queue%%", "single '%'")]
    public void NameThatCannotBeReplaced_IsAnError(string text, string reason)
    {
        Assert.Null(_resolver.Resolve(text, out var error));
        Assert.Contains(reason, error);
    }

    [Theory]
    [InlineData(null, "default")]
    [InlineData("", "default")]
    [InlineData("Storage", "default")]
    [InlineData("Named", "with prefix")]
    [InlineData("Plain", "plain")]
    [InlineData("Listed", "listed")]
    public void Connection_IsLookedUpWithAndWithoutPrefix(string? name, string expected)
    {
        Assert.Equal(expected, _resolver.Connection(name, out var error));
        Assert.Null(error);
    }

    [Theory]
    [InlineData("Nowhere", "is not set")]
    [InlineData("Identity", "identity-based")]
    public void ConnectionThatCannotBeUsed_IsAnError(string name, string reason)
    {
        Assert.Null(_resolver.Connection(name, out var error));
        Assert.Contains(reason, error);
    }

    [Theory]
    [InlineData("Off", true)]
    [InlineData("OffToo", true)]
    [InlineData("On", false)]
    [InlineData("Unnamed", false)]
    public void Disabled_IsReadInBothSpellings(string function, bool disabled) => Assert.Equal(disabled, _resolver.IsDisabled(function));
}
