using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace ClickToDial.Benchmarks.Sip;

/// <summary>kamailio as the plainest proxy with transactions: it adds Record-Route and relays. The ceiling, as it has no call to keep.</summary>
internal sealed class KamailioProxy : IDisposable
{
    public const int Port = 15100;
    private const string Program = "/usr/sbin/kamailio";

    private readonly string _folder = Directory.CreateTempSubdirectory("bench-kamailio-").FullName;
    private readonly Process _process;

    private KamailioProxy()
    {
        var file = Path.Combine(_folder, "kamailio.cfg");
        File.WriteAllText(file, Configuration());
        Began = Stopwatch.GetTimestamp();
        _process = Process.Start(new ProcessStartInfo("sh", ["-c", $"exec {Program} -f {file} -DD -E -Y {_folder} -m 256 -M 16 >{_folder}/log 2>&1"])
        {
            UseShellExecute = false,
        })!;
    }

    /// <summary>When the process was asked for.</summary>
    public long Began { get; }

    /// <summary>CPU seconds of all its processes so far.</summary>
    public double CpuSeconds => Family().Sum(ServerCpu.Seconds);

    /// <summary>Null, with the reason, where it is not installed.</summary>
    public static KamailioProxy? TryStart(out string? missing)
    {
        var proxy = TryBegin(out missing);
        if (proxy is null) return null;
        Thread.Sleep(1000); // It says nothing that could be waited for.
        proxy.Settle();
        if (proxy._process.HasExited) throw new InvalidOperationException($"kamailio did not start: {proxy.Log()}");
        return proxy;
    }

    /// <summary>The same, not ready yet.</summary>
    public static KamailioProxy? TryBegin(out string? missing)
    {
        missing = File.Exists(Program) ? null : "kamailio is not installed (apt-get install kamailio)";
        return missing is null ? new KamailioProxy() : null;
    }

    /// <summary>Waits until it forks no more: it does so one process after the other, and the first of them answers already.</summary>
    public void Settle()
    {
        for (var before = 0; Family().Length is var now && now != before; before = now) Thread.Sleep(250);
    }

    /// <summary>Milliseconds from the start of the process to its first answer to OPTIONS.</summary>
    public double UntilFirstAnswer() => FirstAnswer.Wait(new IPEndPoint(IPAddress.Parse(BenchWorker.Address), Port), Began, Log);

    public void Dispose()
    {
        foreach (var id in Family().Reverse())
        {
            try
            {
                using var part = Process.GetProcessById(id);
                part.Kill();
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                // It went with its parent.
            }
        }
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Log() => File.ReadAllText(Path.Combine(_folder, "log"));

    private int[] Family()
    {
        var children = File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children");
        return [_process.Id, .. children.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
    }

    private static string Configuration() => $$"""
        #!KAMAILIO
        debug=0
        log_stderror=yes
        children=1
        auto_aliases=no
        disable_tcp=yes
        listen=udp:{{BenchWorker.Address}}:{{Port}}
        mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
        loadmodule "tm.so"
        loadmodule "sl.so"
        loadmodule "rr.so"
        loadmodule "pv.so"
        loadmodule "textops.so"
        loadmodule "siputils.so"
        modparam("tm", "fr_timer", 5000)
        modparam("rr", "enable_full_lr", 1)
        request_route {
            if (has_totag()) {
                if (!loose_route()) {
                    if (is_method("ACK") && t_check_trans()) t_relay();
                    exit;
                }
                t_relay();
                exit;
            }
            if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
            if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }
            if (is_method("INVITE")) record_route();
            $du = "sip:{{BenchWorker.Address}}:{{BenchWorker.TrunkPort}}";
            if (!t_relay()) sl_reply_error();
            exit;
        }
        """;
}
