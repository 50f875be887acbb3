using ClickToDial.Interop.Worker;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.Interop.Tls;

/// <summary>The TLS port of the worker seen by openssl's client.</summary>
[Collection(WorkerFixture.Collection)]
public sealed class OpenSslTests(WorkerFixture fixture)
{
    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task Chain_and_name_are_proven(string version)
    {
        Assert.SkipUnless(Tool.OpenSsl.IsInstalled, Tool.OpenSsl.Missing);
        var run = await OpenSslRun.ConnectAsync(
            fixture.TlsPort, version, "-CAfile", fixture.Authority.RootFile, "-verify_return_error", "-verify_hostname", WorkerFixture.Domain);
        Assert.Contains("Verify return code: 0 (ok)", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, run.Code);
    }

    [Fact]
    public async Task TLS_1_1_is_refused_by_the_worker()
    {
        Assert.SkipUnless(Tool.OpenSsl.IsInstalled, Tool.OpenSsl.Missing);
        // At its usual level openssl would not even ask.
        var run = await OpenSslRun.ConnectAsync(fixture.TlsPort, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0");
        Assert.NotEqual(0, run.Code);
        Assert.Contains("alert", run.Output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("BEGIN CERTIFICATE", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Renewed_certificate_is_shown_without_a_restart()
    {
        Assert.SkipUnless(Tool.OpenSsl.IsInstalled, Tool.OpenSsl.Missing);
        var before = (await OpenSslRun.ConnectAsync(fixture.TlsPort)).Serial;
        var serial = fixture.Authority.Write(fixture.Tls, "127.0.0.1", WorkerFixture.Domain);
        Assert.NotEqual(before, serial);
        using var patience = new CancellationTokenSource(Patience.Step);
        // The files are looked at every five seconds at most, and only when somebody connects.
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        while ((await OpenSslRun.ConnectAsync(fixture.TlsPort)).Serial != serial) await pace.WaitForNextTickAsync(patience.Token);
    }
}
