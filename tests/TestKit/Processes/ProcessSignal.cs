using System.Runtime.InteropServices;

namespace ClickToDial.TestKit.Processes;

/// <summary>Signals that a test sends to a child, by their numbers on Linux.</summary>
public enum ProcessSignal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

internal static partial class ProcessSignals
{
    /// <summary>To every process of the group that <paramref name="leader"/> leads.</summary>
    public static void SendToGroup(int leader, ProcessSignal signal) => _ = Kill(-leader, (int)signal);

    public static void Send(int process, ProcessSignal signal) => _ = Kill(process, (int)signal);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
