using System.Globalization;
using ClickToDial.TestKit.Network;

namespace ClickToDial.TestKit.Baresip;

/// <param name="Registrar">Address and port of the worker, such as <c>127.0.0.1:5060</c>; null for a phone that registers nowhere.</param>
/// <param name="Password">Never empty: baresip would ask for it on its terminal.</param>
/// <param name="Hertz">The tone this phone's user "says".</param>
public sealed record BaresipSettings(string Domain, string User, string Password, string? Registrar, double Hertz)
{
    /// <summary>Answers by itself; otherwise it rings until told to.</summary>
    public bool AnswersAtOnce { get; init; }

    public string Codecs { get; init; } = "PCMA,PCMU";

    /// <summary>Of what it says and records, in samples a second: all that its first codec carries.</summary>
    public int Rate => Codecs.Split(',')[0].Split('/')[0].ToUpperInvariant() switch { "OPUS" => 48000, "G722" => 16000, _ => 8000 };

    /// <summary>The authority it believes; with it the phone registers by TLS.</summary>
    public string? RootFile { get; init; }

    /// <summary>Media encryption: "srtp" offers it beside plain RTP, "srtp-mand" takes nothing else; null for none.</summary>
    public string? Encryption { get; init; }

    /// <summary>Writes what baresip reads at its start into a folder of its own.</summary>
    public void WriteTo(string folder, PortBlock ports, int controlPort)
    {
        var (firstRtp, lastRtp) = ports.NextRange(10);
        File.WriteAllLines(Path.Combine(folder, "config"),
        [
            // It listens for TLS on the port above.
            $"sip_listen 127.0.0.1:{Text(ports.NextRange(2).First)}",
            // Its media would otherwise leave by the first address that is not loopback.
            "net_interface 127.0.0.1",
            $"rtp_ports {Text(firstRtp)}-{Text(lastRtp)}",
            $"ctrl_tcp_listen 127.0.0.1:{Text(controlPort)}",
            "audio_path /usr/share/baresip",
            $"audio_source aufile,{Path.Combine(folder, "says.wav")}",
            // A bridge with nothing at its other end: sound is played, so that it is decoded and recorded, but nowhere.
            "audio_player aubridge,nowhere",
            "audio_alert aubridge,nowhere",
            $"ausrc_srate {Text(Rate)}", $"auplay_srate {Text(Rate)}", "ausrc_channels 1", "auplay_channels 1",
            $"snd_path {folder}",
            .. ModuleFolders.Take(1).Select(m => $"module_path {m}"),
            "module g711.so", "module g722.so", .. Codecs.Contains("opus", StringComparison.Ordinal) ? ["module opus.so"] : Array.Empty<string>(), "module aufile.so", "module aubridge.so", "module srtp.so", "module sndfile.so", "module ctrl_tcp.so",
            "module_app account.so", "module_app menu.so",
            .. RootFile is null ? Array.Empty<string>() : [$"sip_cafile {RootFile}", "sip_verify_server yes"],
        ]);
        var mode = AnswersAtOnce ? "auto" : "manual";
        var registration = Registrar is null ? "regint=0" : $"outbound=\"sip:{Registrar};transport={(RootFile is null ? "udp" : "tls")}\";regint=300";
        File.WriteAllText(Path.Combine(folder, "accounts"),
            $"<sip:{User}@{Domain}>;auth_user={User};auth_pass={Password};{registration};answermode={mode};audio_codecs={Codecs}{(Encryption is null ? "" : $";mediaenc={Encryption}")}{Environment.NewLine}");
        File.WriteAllText(Path.Combine(folder, "contacts"), "");
    }

    private static IEnumerable<string> ModuleFolders =>
        new[] { "/usr/lib/baresip/modules", $"/usr/lib/{System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture switch
        {
            System.Runtime.InteropServices.Architecture.Arm64 => "aarch64",
            _ => "x86_64",
        }}-linux-gnu/baresip/modules" }.Where(System.IO.Directory.Exists);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
