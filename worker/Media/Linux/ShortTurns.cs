using System.Runtime.InteropServices;

namespace ClickToDial.Media.Linux;

/// <summary>
/// Asks the scheduler for short turns on the processor. Who asks for little gets it soon: a thread that wakes for its packets then goes
/// before one that computes on the same processor, instead of waiting for the end of that one's turn of some milliseconds. Its share
/// of the processor stays what it is, so no privilege is needed. Linux 6.12 and later; before, it changes nothing.
/// </summary>
internal static unsafe class ShortTurns
{
    /// <summary>Nanoseconds; the least the kernel grants.</summary>
    public const long Turn = 100_000;

    /// <summary>SCHED_FLAG_RESET_ON_FORK: threads that the asker starts, those of the runtime's pool among them, have ordinary turns.</summary>
    private const ulong NotInherited = 1;

    private const int Ordinary = 0; // SCHED_OTHER; who is scheduled in real time has no turns to shorten

    private static readonly (int Set, int Get) Call = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? (314, 315) : (274, 275);

    /// <summary>Nanoseconds of the calling thread's turns; 0 where the kernel does not tell.</summary>
    public static long Granted
    {
        get
        {
            Attributes now = default;
            return Native.SystemCall(Call.Get, 0, (nint)(&now), sizeof(Attributes), 0, 0, 0) < 0 || now.Policy != Ordinary ? 0 : now.Runtime;
        }
    }

    /// <summary>For the calling thread. False when the kernel refuses, or the thread is not of the ordinary kind.</summary>
    public static bool TryAsk()
    {
        Attributes now = default;
        if (Native.SystemCall(Call.Get, 0, (nint)(&now), sizeof(Attributes), 0, 0, 0) < 0 || now.Policy != Ordinary) return false;
        now.Size = (uint)sizeof(Attributes);
        now.Flags |= NotInherited;
        now.Runtime = Turn;
        return Native.SystemCall(Call.Set, 0, (nint)(&now), 0, 0, 0, 0) == 0;
    }

    /// <summary>struct sched_attr, first version.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public long Runtime;
        public long Deadline;
        public long Period;
    }
}
