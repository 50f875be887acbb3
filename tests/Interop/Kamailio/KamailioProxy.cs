using System.Globalization;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.Interop.Kamailio;

/// <summary>
/// kamailio as a carrier's edge: a registrar with digest, and a proxy that stays in the way of every call by Record-Route. Numbers
/// that the phone behind it calls go to the one account's registration; what the account calls goes to the phone.
/// </summary>
internal sealed class KamailioProxy : IAsyncDisposable
{
    public const string Domain = "carrier.example";
    public const string Account = "click";
    public const string Password = "carrier-password";

    private readonly string _folder;
    private readonly ChildProcess _process;

    private KamailioProxy(string folder, ChildProcess process, int port) => (_folder, _process, Port) = (folder, process, port);

    public int Port { get; }

    /// <param name="phonePort">UDP port of the phone behind it.</param>
    public static KamailioProxy Start(int port, int phonePort)
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("kamailio-").FullName;
        var file = Path.Combine(folder, "kamailio.cfg");
        File.WriteAllText(file, Configuration(port, phonePort));
        var process = ChildProcess.Start(new ChildProcessOptions(
            "kamailio", Tool.Kamailio.Path!, ["-f", file, "-DD", "-E", "-m", "32", "-M", "8", "-Y", folder, "-w", folder], folder));
        return new KamailioProxy(folder, process, port);
    }

    public string LastOutput() => _process.LastOutput();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    private static string Configuration(int port, int phonePort) => string.Create(CultureInfo.InvariantCulture, $$"""
        #!KAMAILIO
        debug=2
        log_stderror=yes
        children=2
        disable_tcp=yes
        auto_aliases=no
        listen=udp:127.0.0.1:{{port}}
        alias="{{Domain}}"

        loadmodule "tm.so"
        loadmodule "sl.so"
        loadmodule "rr.so"
        loadmodule "pv.so"
        loadmodule "maxfwd.so"
        loadmodule "siputils.so"
        loadmodule "textops.so"
        loadmodule "usrloc.so"
        loadmodule "registrar.so"
        loadmodule "auth.so"

        modparam("usrloc", "db_mode", 0)
        modparam("registrar", "min_expires", 30)
        modparam("registrar", "max_expires", 120)

        request_route {
          if (!mf_process_maxfwd_header("20")) { sl_send_reply("483", "Too Many Hops"); exit; }
          if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
          if (has_totag()) {
            # Strictly by the route set: whoever leaves it out is told so.
            if (loose_route()) t_relay();
            else if (is_method("ACK")) { if (t_check_trans()) t_relay(); }
            else sl_send_reply("404", "Not By The Route");
            exit;
          }
          if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }
          if (is_method("REGISTER")) {
            if ($au != "{{Account}}" || !pv_www_authenticate("{{Domain}}", "{{Password}}", "0")) { www_challenge("{{Domain}}", "1"); exit; }
            save("location");
            exit;
          }
          if (!is_method("INVITE")) { sl_send_reply("405", "Method Not Allowed"); exit; }
          if ($sp == {{phonePort}}) {
            $ru = "sip:{{Account}}@{{Domain}}";
            if (!lookup("location")) { sl_send_reply("480", "Not Registered"); exit; }
          } else {
            if ($au != "{{Account}}" || !pv_proxy_authenticate("{{Domain}}", "{{Password}}", "0")) { proxy_challenge("{{Domain}}", "1"); exit; }
            consume_credentials();
            $du = "sip:127.0.0.1:{{phonePort}}";
          }
          record_route();
          t_relay();
        }
        """);
}
