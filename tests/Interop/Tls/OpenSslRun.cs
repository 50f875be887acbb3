using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.Interop.Tls;

/// <summary>What openssl's client says of one handshake.</summary>
internal sealed record OpenSslRun(int Code, string Output)
{
    /// <summary>Of the certificate it was shown.</summary>
    public string Serial
    {
        get
        {
            using var shown = X509Certificate2.CreateFromPem(Output);
            return shown.SerialNumber;
        }
    }

    /// <summary>Connects and closes at once.</summary>
    public static async Task<OpenSslRun> ConnectAsync(int port, params string[] more)
    {
        // Without input it ends as soon as the handshake is over. By one pipe, so that no complaint stands in the middle of a certificate.
        await using var openssl = ChildProcess.Start(new ChildProcessOptions(
            "openssl", "sh",
            ["-c", "exec openssl s_client \"$@\" < /dev/null 2>&1", "s_client", "-connect", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), .. more]));
        return new OpenSslRun(await openssl.ExitAsync(), string.Join('\n', openssl.Output.Snapshot()));
    }
}
