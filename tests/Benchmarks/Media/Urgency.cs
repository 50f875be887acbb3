using System.Runtime.InteropServices;

namespace ClickToDial.Benchmarks.Media;

/// <summary>
/// Real-time scheduling, for measuring on a machine that does other things too. Servers have it all their life; the generator, which
/// never sleeps, only while it measures: the kernel gives the others their turn when they have had none for a second.
/// </summary>
internal static partial class Urgency
{
    private const int Other = 0;
    private const int Fifo = 1;
    private const int Priority = 10;

    public static bool Wanted { get; set; }

    /// <summary>Words to put before a command.</summary>
    public static string[] Prefix => Wanted ? ["chrt", "--fifo", Priority.ToString(System.Globalization.CultureInfo.InvariantCulture)] : [];

    /// <summary>This thread now runs before all others, if that is wanted and allowed.</summary>
    public static void Raise() => Set(Fifo, Priority);

    public static void Lower() => Set(Other, 0);

    private static void Set(int policy, int priority)
    {
        if (Wanted && Schedule(0, policy, ref priority) < 0) throw new InvalidOperationException("--ahead needs the privilege to schedule in real time.");
    }

    [LibraryImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    private static partial int Schedule(int thread, int policy, ref int priority);
}
