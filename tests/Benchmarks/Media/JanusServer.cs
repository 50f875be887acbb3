using System.Globalization;

namespace ClickToDial.Benchmarks.Media;

/// <summary>janus with its SIP plugin alone, driven over its WebSocket. Its HTTP transport, loaded without being wanted, ends Debian's 1.1.2 by a fault.</summary>
internal sealed class JanusServer : Server
{
    public const int ControlPort = 22230;

    private const string Program = "/usr/bin/janus";
    private const string Plugins = "/usr/lib/x86_64-linux-gnu/janus/plugins";
    private const string Transports = "/usr/lib/x86_64-linux-gnu/janus/transports";
    private readonly string _folder;

    private JanusServer(string folder)
        : base("janus", Pinned(Program, [$"--configs-folder={folder}", "--disable-stdout", $"--log-file={LogIn(folder)}"]))
    {
        _folder = folder;
        Process.OutputDataReceived += (_, _) => { };
        Process.ErrorDataReceived += (_, _) => { };
        Process.BeginOutputReadLine();
        Process.BeginErrorReadLine();
    }

    /// <param name="loops">Event loops for all browsers; null for a thread for each, as it comes.</param>
    /// <param name="missing">Why there is none.</param>
    public static JanusServer? TryStart(int? loops, out string? missing)
    {
        missing = !File.Exists(Program) ? "janus is not installed (apt-get install janus)"
            : !File.Exists(Path.Combine(Plugins, "libjanus_sip.so")) ? $"janus has no SIP plugin in {Plugins}"
            : !File.Exists(Path.Combine(Transports, "libjanus_websockets.so")) ? $"janus has no WebSocket transport in {Transports}" : null;
        if (missing is not null) return null;
        var folder = Directory.CreateTempSubdirectory("bench-janus-").FullName;
        File.WriteAllText(Path.Combine(folder, "janus.jcfg"), Configuration(loops));
        File.WriteAllText(Path.Combine(folder, "janus.transport.websockets.jcfg"), string.Create(
            CultureInfo.InvariantCulture, $"general: {{ json = \"compact\" ws = true ws_ip = \"127.0.0.1\" ws_port = {ControlPort} wss = false }}\n"));
        File.WriteAllText(
            Path.Combine(folder, "janus.plugin.sip.jcfg"),
            "general: { local_ip = \"127.0.0.1\" sdp_ip = \"127.0.0.1\" behind_nat = false events = false rtp_port_range = \"26000-29998\" }\n");
        return new JanusServer(folder);
    }

    public override int[] SetUp(int[] phonePorts) => throw new NotSupportedException("It has browsers on one side.");

    /// <summary>What it logged, for who wonders why it ended.</summary>
    public string Log => File.Exists(LogIn(_folder)) ? File.ReadAllText(LogIn(_folder)) : "";

    public override void Dispose()
    {
        base.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string LogIn(string folder) => Path.Combine(folder, "log");

    private static string Configuration(int? loops) => $$"""
        general: {
            debug_level = 2
            session_timeout = 0
            plugins_folder = "{{Plugins}}"
            transports_folder = "{{Transports}}"
            {{(loops is { } count ? string.Create(CultureInfo.InvariantCulture, $"event_loops = {count}") : "")}}
        }
        nat: { ignore_mdns = true }
        media: { rtp_port_range = "20000-25998" }
        plugins: { disable = "{{Others(Plugins, "libjanus_sip.so")}}" }
        transports: { disable = "{{Others(Transports, "libjanus_websockets.so")}}" }
        events: { broadcast = false }

        """;

    private static string Others(string folder, string wanted) =>
        string.Join(',', Directory.GetFiles(folder, "*.so").Select(Path.GetFileName).Where(name => name != wanted));
}
