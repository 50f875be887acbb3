using System.Diagnostics;
using System.Globalization;

namespace ClickToDial.Benchmarks.Media;

/// <summary>A relay under measurement: a process on a processor of its own.</summary>
internal abstract class Server : IDisposable
{
    public const int ServerCore = 0;
    public const int GeneratorCore = 1;

    protected Server(string name, ProcessStartInfo start)
    {
        Name = name;
        Process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
    }

    public string Name { get; }

    public Process Process { get; }

    /// <summary>Sets the calls up; returns where each phone sends to.</summary>
    public abstract int[] SetUp(int[] phonePorts);

    public virtual void Dispose()
    {
        if (!Process.HasExited) Process.Kill();
        Process.WaitForExit();
        Process.Dispose();
    }

    /// <summary>The command under taskset, which pins every thread the process will have.</summary>
    protected static ProcessStartInfo Pinned(string file, IEnumerable<string> arguments, bool pinned = true)
    {
        string[] pin = pinned ? ["taskset", "-c", ServerCore.ToString(CultureInfo.InvariantCulture)] : [];
        string[] command = [.. Urgency.Prefix, .. pin, file, .. arguments];
        return new ProcessStartInfo(command[0], command.AsSpan(1).ToArray())
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }
}

/// <summary>A server mode of this program, driven by its standard input and output.</summary>
internal sealed class OwnServer(string name, bool pinned, params string[] arguments)
    : Server(name, Pinned(Environment.ProcessPath!, Arguments(arguments), pinned))
{
    /// <summary>Says a line to it and returns what it says; null when it ended instead.</summary>
    public string? Ask(string line)
    {
        try
        {
            Process.StandardInput.WriteLine(line);
            Process.StandardInput.Flush();
            return Process.StandardOutput.ReadLine();
        }
        catch (IOException)
        {
            return null;
        }
    }

    public override int[] SetUp(int[] phonePorts)
    {
        var ports = RelayServer.Ports(Ask(string.Join(' ', phonePorts)));
        return ports.Length == phonePorts.Length ? ports : throw new InvalidOperationException($"{Name}: {Process.StandardError.ReadToEnd()}");
    }

    // Under `dotnet Benchmarks.dll` the process is dotnet itself and wants the assembly first.
    private static string[] Arguments(string[] arguments) =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(OwnServer).Assembly.Location, .. arguments] : arguments;
}

/// <summary>rtpengine in user space (no kernel table), with as many worker threads as it chooses or as it is told.</summary>
internal sealed class RtpengineServer : Server
{
    public const int ControlPort = 22229;

    private RtpengineServer(string executable, int? threads)
        : base("rtpengine", Pinned(executable, [
            "--table=-1", "--interface=127.0.0.1", $"--listen-ng=127.0.0.1:{ControlPort}", "--foreground", "--log-stderr", "--log-level=1",
            "--port-min=30000", "--port-max=39998", "--no-fallback=false", $"--pidfile={Path.GetTempFileName()}",
            .. Threads(threads)]))
    {
    }

    /// <summary>Null, with the reason, when it is not installed and cannot be.</summary>
    public static RtpengineServer? TryStart(int? threads, out string? missing)
    {
        missing = null;
        var executable = new[] { "/usr/bin/rtpengine", "/usr/sbin/rtpengine" }.FirstOrDefault(File.Exists) ?? Install();
        if (executable is null)
        {
            missing = "rtpengine is not installed and the distribution did not give it (apt-get install rtpengine-daemon)";
            return null;
        }
        return new RtpengineServer(executable, threads);
    }

    public override int[] SetUp(int[] phonePorts)
    {
        using var ng = new NgClient(ControlPort);
        WaitFor(ng);
        var ports = new int[phonePorts.Length];
        for (var i = 0; i + 1 < ports.Length; i += 2)
            (ports[i], ports[i + 1]) = ng.SetUp(string.Create(CultureInfo.InvariantCulture, $"call{i}"), phonePorts[i], phonePorts[i + 1]);
        return ports;
    }

    /// <summary>Until it answers.</summary>
    public void WaitFor(NgClient ng)
    {
        var ready = false;
        for (var attempt = 0; attempt < 20 && !ready; attempt++)
        {
            ready = ng.Ask(("command", "ping"))?.Contains("pong", StringComparison.Ordinal) ?? false;
            if (!ready && Process.HasExited) throw new InvalidOperationException($"rtpengine ended: {Process.StandardError.ReadToEnd()}");
            if (!ready) Thread.Sleep(100);
        }
    }

    private static string[] Threads(int? count) => count is { } number ? [string.Create(CultureInfo.InvariantCulture, $"--num-threads={number}")] : [];

    private static string? Install()
    {
        if (!File.Exists("/usr/bin/apt-get")) return null;
        using var apt = Process.Start(new ProcessStartInfo("apt-get", ["install", "-y", "--no-install-recommends", "rtpengine-daemon"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DEBIAN_FRONTEND"] = "noninteractive" },
        });
        if (apt is null) return null;
        apt.OutputDataReceived += (_, _) => { };
        apt.ErrorDataReceived += (_, _) => { };
        apt.BeginOutputReadLine();
        apt.BeginErrorReadLine();
        apt.WaitForExit();
        return apt.ExitCode == 0 && File.Exists("/usr/bin/rtpengine") ? "/usr/bin/rtpengine" : null;
    }
}
