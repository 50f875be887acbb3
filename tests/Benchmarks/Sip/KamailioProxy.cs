using System.Diagnostics;
using System.Globalization;

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
        _process = Process.Start(new ProcessStartInfo("sh", ["-c", $"exec {Program} -f {file} -DD -E -Y {_folder} -m 256 -M 16 >{_folder}/log 2>&1"])
        {
            UseShellExecute = false,
        })!;
        Thread.Sleep(1500); // It says nothing that could be waited for, and forks its processes one after the other.
        if (_process.HasExited) throw new InvalidOperationException($"kamailio did not start: {File.ReadAllText(Path.Combine(_folder, "log"))}");
    }

    /// <summary>CPU seconds of all its processes so far.</summary>
    public double CpuSeconds => Family().Sum(ServerCpu.Seconds);

    /// <summary>Null, with the reason, where it is not installed.</summary>
    public static KamailioProxy? TryStart(out string? missing)
    {
        missing = File.Exists(Program) ? null : "kamailio is not installed (apt-get install kamailio)";
        return missing is null ? new KamailioProxy() : null;
    }

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
            if (is_method("INVITE")) record_route();
            $du = "sip:{{BenchWorker.Address}}:{{BenchWorker.TrunkPort}}";
            if (!t_relay()) sl_reply_error();
            exit;
        }
        """;
}
