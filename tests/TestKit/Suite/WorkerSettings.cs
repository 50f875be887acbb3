using System.Globalization;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.TestKit.Suite;

/// <summary>A worker process of a test: its ports and its environment.</summary>
public sealed record WorkerSettings(Uri Functions, string ControlToken, string WorkerToken, string PbxToken, string Folder, PortBlock Ports)
{
    public const string Address = "127.0.0.1";

    public int SipPort { get; } = Ports.Next();

    public int ControlPort { get; } = Ports.Next();

    /// <summary>SIP over TLS, opened when <see cref="More"/> names a certificate.</summary>
    public int TlsPort { get; } = Ports.Next();

    public Uri ControlUrl => new($"http://{Address}:{ControlPort}");

    /// <summary>More settings, such as <c>Worker__MaxCalls</c>.</summary>
    public IReadOnlyDictionary<string, string?> More { get; init; } = new Dictionary<string, string?>();

    private (int First, int Last) MediaPorts { get; } = Ports.NextRange(60);

    /// <summary>How the built program is started; another way to start it keeps the settings.</summary>
    public ChildProcessOptions Program =>
        new("worker", Product.WorkerProgram, [], Folder, Environment(), Path.Combine(Folder, "worker.log"));

    public SuitePart Part() => Part(Program);

    public SuitePart Part(ChildProcessOptions program) => new(program, new Uri(ControlUrl, "/healthz/ready"));

    private Dictionary<string, string?> Environment()
    {
        var environment = new Dictionary<string, string?>
        {
            ["Logging__LogLevel__Microsoft"] = "Warning",
            ["Worker__FunctionsUrl"] = Functions.ToString(),
            ["Worker__ControlUrl"] = ControlUrl.ToString(),
            ["Worker__ControlToken"] = ControlToken,
            ["Worker__WorkerToken"] = WorkerToken,
            ["Worker__PbxToken"] = PbxToken,
            ["Worker__StateFolder"] = Path.Combine(Folder, "worker"),
            ["Worker__Name"] = "worker-1",
            ["Worker__DirectorySeconds"] = "1",
            ["Worker__DrainSeconds"] = "5",
            ["Sip__BindAddress"] = Address,
            ["Sip__UdpPort"] = Text(SipPort),
            ["Sip__TcpPort"] = Text(SipPort),
            ["Sip__TlsPort"] = Text(TlsPort),
            ["Media__BindAddress"] = Address,
            ["Media__FirstPort"] = Text(MediaPorts.First),
            ["Media__LastPort"] = Text(MediaPorts.Last),
            // Calls of a test follow each other faster than ports rest; that they rest has tests of its own.
            ["Media__QuarantineSeconds"] = "0",
        };
        foreach (var (key, value) in More) environment[key] = value;
        return environment;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
