using System.Globalization;

namespace ClickToDial.Benchmarks.Sip;

/// <summary>
/// CPU time of a process with that of threads which have ended, as those of a pool do. The kernel scales it to what the
/// scheduler counted; it is given in steps of 10 ms.
/// </summary>
internal static class ServerCpu
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux of x86-64 and arm64

    public static double Seconds(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // the name may hold spaces; field 3 (state) follows it
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
