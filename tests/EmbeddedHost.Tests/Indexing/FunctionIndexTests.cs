using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ClickToDial.EmbeddedHost.Tests.Support;

namespace ClickToDial.EmbeddedHost.Tests.Indexing;

/// <summary>What the host refuses at start, all of it at once.</summary>
public sealed class FunctionIndexTests
{
    [Theory]
    [InlineData("NoTrigger", "exactly one trigger, but has 0")]
    [InlineData("TwoTriggers", "exactly one trigger, but has 2")]
    [InlineData("bad name!", "must start with a letter")]
    [InlineData("TextResult", "returns String")]
    [InlineData("QueueResult", "returns Task")]
    [InlineData("AsyncVoid", "returns Void")]
    [InlineData("TakesContext", "leaves HttpContext null")]
    [InlineData("PlainBody", "binds HttpRequest, or a type marked [FromBody]")]
    [InlineData("BodyOfQueue", "[FromBody] belongs to HTTP triggers")]
    [InlineData("NotTimerInfo", "do not bind String")]
    [InlineData("Hidden", "must be public")]
    public void FunctionThatCannotWork_IsNamedWithItsReason(string function, string reason) =>
        AssertNamed(HostRig.ErrorsOf(new HostRigOptions(typeof(RefusedFunctions))), function, reason);

    [Theory]
    [InlineData("Admin", "admin or runtime")]
    [InlineData("RuntimeRoute", "admin or runtime")]
    [InlineData("Slash", "must not start with a slash")]
    [InlineData("Constraint", "cannot be read")]
    [InlineData("Broken", "cannot be read")]
    [InlineData("TwinB", "is that of 'TwinA'")]
    public void RouteThatCannotWork_IsNamedWithItsReason(string function, string reason) =>
        AssertNamed(HostRig.ErrorsOf(new HostRigOptions(typeof(RefusedRoutes))), function, reason);

    [Theory]
    [InlineData("Unset", "'Nowhere', which is not set")]
    [InlineData("BadQueue", "'Bad_Queue' is not a valid queue name")]
    [InlineData("Elsewhere", "'Elsewhere' is not set")]
    [InlineData("Identity", "identity-based")]
    [InlineData("BadConnection", "not a storage connection string")]
    [InlineData("BadSchedule", "not a valid second")]
    [InlineData("HalfPercent", "single '%'")]
    public void SettingThatIsMissingOrWrong_IsNamedWithItsFunction(string function, string reason)
    {
        var errors = HostRig.ErrorsOf(new HostRigOptions(typeof(UnsetFunctions))
        {
            Settings = new Dictionary<string, string>
            {
                ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
                ["ByIdentity:queueServiceUri"] = "https://account.queue.core.windows.net",
                ["Garbage"] = "AccountKey=hush",
            },
        });
        AssertNamed(errors, function, reason);
        Assert.Equal(7, errors.Count);
        Assert.DoesNotContain(errors, e => e.Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public void NamesThatDifferInCaseOnly_AreRefused() =>
        Assert.Contains(
            HostRig.ErrorsOf(new HostRigOptions(typeof(OneFunction), typeof(OneMoreFunction))),
            e => e.Contains("is used 2 times", StringComparison.Ordinal));

    [Fact]
    public void HttpFunctionsWithoutTheWebApplication_AreRefused() =>
        Assert.Contains(
            HostRig.ErrorsOf(new HostRigOptions(typeof(OneFunction)) { Configure = _ => { } }),
            e => e.Contains("ConfigureFunctionsWebApplication", StringComparison.Ordinal));

    [Fact]
    public async Task DisabledFunctions_AreListedWithTheReasonAndDoNotRun()
    {
        await using var rig = await HostRig.StartAsync(new HostRigOptions(typeof(DisabledFunctions))
        {
            Settings = new Dictionary<string, string> { ["AzureWebJobs.Bus.Disabled"] = "true", ["AzureWebJobs.Off.Disabled"] = "true" },
        });
        var list = await rig.Client.GetFromJsonAsync<JsonElement>("/admin/functions");
        Assert.Equal(
            ["Bus True", "Off True", "On False"],
            list.EnumerateArray().Select(f => $"{f.GetProperty("name")} {f.GetProperty("isDisabled")}"));
        Assert.Equal(HttpStatusCode.NotFound, (await rig.Client.GetAsync("/off")).StatusCode);
        Assert.Equal("GET", await rig.Client.GetStringAsync("/on"));
        Assert.Equal(2, rig.Logs.Snapshot().Count(l => l.Id == 1506));
        Assert.Single(rig.Logs.Snapshot(), l => l.Id == 1507 && l.Text.StartsWith("On ", StringComparison.Ordinal));
    }

    private static void AssertNamed(IReadOnlyList<string> errors, string function, string reason) =>
        Assert.Single(errors, e => e.StartsWith($"Function '{function}'", StringComparison.Ordinal) && e.Contains(reason, StringComparison.Ordinal));
}
