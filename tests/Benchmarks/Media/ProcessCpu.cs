using System.Diagnostics;
using System.Globalization;

namespace ClickToDial.Benchmarks.Media;

/// <summary>
/// What the scheduler counted for another process: time on a processor in nanoseconds, in user space and in the kernel alike,
/// and how often it slept. On a kernel that does not account interrupts apart, the interrupts that hit it are in that time.
/// </summary>
internal readonly record struct ProcessCpu(double Seconds, long Sleeps)
{
    public static ProcessCpu Of(Process process)
    {
        double nanoseconds = 0;
        long sleeps = 0;
        foreach (var thread in Directory.GetDirectories($"/proc/{process.Id}/task"))
        {
            var onProcessor = File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0];
            nanoseconds += double.Parse(onProcessor, CultureInfo.InvariantCulture);
            const string label = "voluntary_ctxt_switches:";
            var line = File.ReadLines(Path.Combine(thread, "status")).First(text => text.StartsWith(label, StringComparison.Ordinal));
            sleeps += long.Parse(line.AsSpan(label.Length), CultureInfo.InvariantCulture);
        }
        return new ProcessCpu(nanoseconds / 1e9, sleeps);
    }

    public static ProcessCpu operator -(ProcessCpu after, ProcessCpu before) => new(after.Seconds - before.Seconds, after.Sleeps - before.Sleeps);
}
