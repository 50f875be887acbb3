using ClickToDial.Worker.Configuration;
using Microsoft.Extensions.Configuration;

namespace ClickToDial.Worker.Tests.Configuration;

public sealed class WorkerSettingsTests
{
    private static readonly Dictionary<string, string?> Good = new()
    {
        ["Worker:FunctionsUrl"] = "http://127.0.0.1:7071",
        ["Worker:ControlToken"] = "0123456789abcdef",
        ["Worker:WorkerToken"] = "0123456789abcdef",
        ["Worker:PbxToken"] = "0123456789abcdef",
        ["Worker:StateFolder"] = "/var/lib/worker",
        ["Sip:BindAddress"] = "127.0.0.1",
        ["Media:BindAddress"] = "127.0.0.1",
    };

    [Fact]
    public void Settings_that_are_right_are_taken()
    {
        var settings = Read(Good, out var errors);
        Assert.Empty(errors);
        Assert.Equal(5060, settings!.Sip.UdpPort);
        Assert.Equal(60, settings.Worker.DrainSeconds);
    }

    [Fact]
    public void Nothing_said_names_every_missing_setting_at_once()
    {
        Assert.Null(Read([], out var errors));
        foreach (var setting in new[] { "FunctionsUrl", "ControlToken", "WorkerToken", "PbxToken", "StateFolder", "Sip: PublicAddress", "Media: PublicAddress" })
            Assert.Single(errors, error => error.Contains(setting, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Worker:FunctionsUrl", "ftp://x")]
    [InlineData("Worker:ControlUrl", "8080")]
    [InlineData("Worker:ControlToken", "short")]
    [InlineData("Worker:DrainSeconds", "-1")]
    [InlineData("Worker:DrainSeconds", "soon")]
    [InlineData("Worker:MaxCalls", "0")]
    [InlineData("Sip:UdpPort", "70000")]
    [InlineData("Sip:BindAddress", "here")]
    [InlineData("Sip:DigestAlgorithms", "SHA-1")]
    [InlineData("Media:FirstPort", "1")]
    public void Wrong_value_is_named_and_a_secret_is_not_repeated(string key, string value)
    {
        Assert.Null(Read(new(Good) { [key] = value }, out var errors));
        Assert.Contains(errors, error => error.Contains(key.Split(':')[1], StringComparison.Ordinal));
        if (key.EndsWith("Token", StringComparison.Ordinal)) Assert.DoesNotContain(errors, error => error.Contains(value, StringComparison.Ordinal));
    }

    private static WorkerSettings? Read(Dictionary<string, string?> values, out IReadOnlyList<string> errors) =>
        WorkerSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), out errors);
}
