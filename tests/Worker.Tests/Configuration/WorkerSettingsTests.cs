using ClickToDial.TestKit.Tls;
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

    [Theory(DisplayName = "B1: browsers are let in without the functions' guard only where that is said")]
    [InlineData("", "false", false)]
    [InlineData("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "false", true)]
    [InlineData("", "true", true)]
    public void Browsers_without_secret(string secret, string alone, bool isTaken)
    {
        var settings = Read(new(Good) { ["Browser:Issuer"] = "https://functions.example", ["Hooks:Secret"] = secret, ["Hooks:TokensAlone"] = alone }, out var errors);
        Assert.Equal(isTaken, settings is not null);
        Assert.Equal(isTaken ? 0 : 1, errors.Count(error => error.StartsWith("Hooks: Secret", StringComparison.Ordinal)));
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
    [InlineData("Sip:BindAddress", "127.0.0.1, 127.0.0.2")]
    [InlineData("Sip:PublicAddress", "0.0.0.0")]
    [InlineData("Sip:DigestAlgorithms", "SHA-1")]
    [InlineData("Sip:TlsPort", "-2")]
    [InlineData("Sip:WssPort", "8443")]
    [InlineData("Sip:TlsKeyFile", "/tmp/key.pem")]
    [InlineData("Sip:TlsClientCertificates", "Sometimes")]
    [InlineData("Sip:NewRequestsPerSecond", "9")]
    [InlineData("Sip:DnsServers", "dns.example")]
    [InlineData("Media:FirstPort", "1")]
    public void Wrong_value_is_named_and_a_secret_is_not_repeated(string key, string value)
    {
        Assert.Null(Read(new(Good) { [key] = value }, out var errors));
        Assert.Contains(errors, error => error.Contains(key.Split(':')[1], StringComparison.Ordinal));
        if (key.EndsWith("Token", StringComparison.Ordinal)) Assert.DoesNotContain(errors, error => error.Contains(value, StringComparison.Ordinal));
    }

    [Fact]
    public void Wildcard_of_each_family_needs_an_address_of_its_own_to_tell()
    {
        var both = new Dictionary<string, string?>(Good) { ["Sip:BindAddress"] = "0.0.0.0, ::", ["Sip:PublicAddress"] = "192.0.2.7" };
        Assert.Null(Read(both, out var errors));
        Assert.Contains("PublicAddress", Assert.Single(errors), StringComparison.Ordinal);
        Assert.NotNull(Read(new(both) { ["Sip:PublicAddress"] = "192.0.2.7, 2001:db8::7" }, out _));
    }

    [Fact]
    public void Certificate_that_cannot_be_read_or_is_no_pair_is_told_at_the_start()
    {
        using var authority = new TestAuthority();
        var (one, other) = (authority.Issue("one", "a.example"), authority.Issue("other", "a.example"));
        Assert.NotNull(Read(With(one.CertificateFile, one.KeyFile), out _));
        foreach (var (certificate, key) in new[] { (one.CertificateFile, other.KeyFile), (one.CertificateFile, "/nowhere"), (one.KeyFile, one.KeyFile) })
        {
            Assert.Null(Read(With(certificate, key), out var errors));
            Assert.Contains("TlsCertificateFile", Assert.Single(errors), StringComparison.Ordinal);
        }

        static Dictionary<string, string?> With(string certificate, string key) =>
            new(Good) { ["Sip:TlsCertificateFile"] = certificate, ["Sip:TlsKeyFile"] = key };
    }

    private static WorkerSettings? Read(Dictionary<string, string?> values, out IReadOnlyList<string> errors) =>
        WorkerSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), out errors);
}
