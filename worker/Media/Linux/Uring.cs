using System.Runtime.InteropServices;

namespace ClickToDial.Media.Linux;

/// <summary>
/// One io_uring instance, by its system calls: the two rings and the submission entries mapped into memory. One thread only:
/// the ring is set up for a single issuer that runs its own completions (kernel 6.1 or later).
/// </summary>
internal sealed unsafe class Uring : IDisposable
{
    private const int SetupCall = 425;
    private const int EnterCall = 426;
    private const int RegisterCall = 427;
    private const uint SetupSize = 1 << 3; // completion ring of its own size
    private const uint SetupSubmitAll = 1 << 7;
    private const uint SetupSingleIssuer = 1 << 12;
    private const uint SetupDeferTaskRun = 1 << 13;
    private const uint FeatureMinimumWait = 1 << 15;
    private const uint EnterGetEvents = 1;
    private const uint EnterExtendedArgument = 8;
    private const nint SubmissionEntriesOffset = 0x10000000;
    private const int RegisterBufferRing = 22;
    private const int RegisterFilesUpdate = 6;
    private const int RegisterFilesSparse = 13;
    private const uint Sparse = 1;
    private const int SubmissionEntrySize = 64;
    private const int CompletionEntrySize = 16;

    private readonly int _descriptor;
    private readonly nuint _ringBytes;
    private readonly nuint _entryBytes;
    private readonly byte* _ring;
    private readonly byte* _entries;
    private readonly uint* _submissionHead;
    private readonly uint* _submissionTail;
    private readonly uint* _completionHead;
    private readonly uint* _completionTail;
    private readonly uint _submissionMask;
    private readonly uint _completionMask;
    private readonly byte* _completions;
    private readonly Func<int, int>? _limit;
    private uint _tail;

    /// <param name="limit">For tests: how many of so many entries the kernel gets at this call, as if it were short of memory.</param>
    /// <exception cref="IOException">The kernel has no such ring or forbids it; the message says which.</exception>
    public Uring(int submissions, int completions, Func<int, int>? limit = null)
    {
        _limit = limit;
        var p = default(Parameters);
        p.Flags = SetupSize | SetupSubmitAll | SetupSingleIssuer | SetupDeferTaskRun;
        p.CompletionEntries = (uint)completions;
        _descriptor = (int)Native.SystemCall(SetupCall, submissions, (nint)(&p), 0, 0, 0, 0);
        if (_descriptor < 0) throw new IOException($"io_uring_setup: errno {Marshal.GetLastPInvokeError()}");
        _ringBytes = Math.Max(p.Submission.Array + (p.SubmissionEntries * 4), p.Completion.Entries + (p.CompletionEntries * CompletionEntrySize));
        _entryBytes = p.SubmissionEntries * SubmissionEntrySize;
        _ring = MapRing(_ringBytes, 0);
        _entries = MapRing(_entryBytes, SubmissionEntriesOffset);
        _submissionHead = (uint*)(_ring + p.Submission.Head);
        _submissionTail = (uint*)(_ring + p.Submission.Tail);
        _submissionMask = *(uint*)(_ring + p.Submission.Mask);
        _completionHead = (uint*)(_ring + p.Completion.Head);
        _completionTail = (uint*)(_ring + p.Completion.Tail);
        _completionMask = *(uint*)(_ring + p.Completion.Mask);
        _completions = _ring + p.Completion.Entries;
        HasMinimumWait = (p.Features & FeatureMinimumWait) != 0;
        var order = (uint*)(_ring + p.Submission.Array);
        for (uint i = 0; i < p.SubmissionEntries; i++) order[i] = i; // entry i is always submitted from place i
    }

    /// <summary>The kernel can gather completions for a time and then wait for the first (6.12).</summary>
    public bool HasMinimumWait { get; }

    /// <summary>Entries the kernel has not taken: it takes fewer than it is given when it is short of memory.</summary>
    public int Unsubmitted => (int)(_tail - Volatile.Read(ref *_submissionHead));

    /// <summary>A cleared submission entry, or null when the ring is full and must be submitted first.</summary>
    /// <param name="place">Its place in the ring, for memory that must live until it is submitted.</param>
    public Submission* Next(out int place)
    {
        place = (int)(_tail & _submissionMask);
        if (_tail - Volatile.Read(ref *_submissionHead) > _submissionMask) return null;
        var entry = Entry(_tail);
        *entry = default;
        _tail++;
        return entry;
    }

    /// <summary>Takes back the entries of that user data which the kernel has not taken; the others keep their order.</summary>
    /// <returns>How many they were.</returns>
    public int Withdraw(ulong userData)
    {
        var head = *_submissionHead;
        var kept = head;
        for (var i = head; i != _tail; i++)
        {
            var entry = Entry(i);
            if (entry->UserData == userData) continue;
            *Entry(kept++) = *entry;
        }
        var withdrawn = (int)(_tail - kept);
        _tail = kept; // the kernel reads the tail in its own call only, which is none of now
        return withdrawn;
    }

    /// <summary>Hands over what was prepared, without waiting.</summary>
    public void Submit() => Enter(0, 0, 0, getEvents: false);

    /// <summary>Hands over what was prepared and waits.</summary>
    /// <param name="completions">How many to wait for.</param>
    /// <param name="nanoseconds">The longest wait.</param>
    /// <param name="gatherNanoseconds">After this time one is enough; needs <see cref="HasMinimumWait"/>. 0 for none.</param>
    public void SubmitAndWait(uint completions, long nanoseconds, long gatherNanoseconds) =>
        Enter(completions, nanoseconds, gatherNanoseconds, getEvents: true);

    /// <summary>The next completion, or null. It stays valid until <see cref="Consume"/>.</summary>
    public Completion* Peek()
    {
        var head = *_completionHead;
        if (head == Volatile.Read(ref *_completionTail)) return null;
        return (Completion*)(_completions + ((nint)(head & _completionMask) * CompletionEntrySize));
    }

    public void Consume() => Volatile.Write(ref *_completionHead, *_completionHead + 1);

    /// <summary>Tells the kernel of a ring of buffers that receives may take from.</summary>
    public void RegisterBuffers(void* ring, int entries, ushort group)
    {
        var registration = new BufferRingRegistration { Address = (ulong)ring, Entries = (uint)entries, Group = group };
        if (Native.SystemCall(RegisterCall, _descriptor, RegisterBufferRing, (nint)(&registration), 1, 0, 0) < 0)
            throw new IOException($"io_uring buffer ring: errno {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>Makes room for descriptors the ring keeps open itself; returns how many, 0 when the kernel gives none.</summary>
    public int RegisterFileTable(int most)
    {
        for (var count = most; count >= 64; count /= 2) // the process's limit of descriptors holds here too
        {
            var registration = new FileTableRegistration { Count = (uint)count, Flags = Sparse };
            if (Native.SystemCall(RegisterCall, _descriptor, RegisterFilesSparse, (nint)(&registration), sizeof(FileTableRegistration), 0, 0) >= 0) return count;
        }
        return 0;
    }

    /// <summary>Puts a descriptor into a place of the table, or -1 to empty it. False when the kernel refuses.</summary>
    public bool SetFile(int place, int descriptor)
    {
        var update = new FileUpdate { Place = (uint)place, Descriptors = (ulong)(&descriptor) };
        return Native.SystemCall(RegisterCall, _descriptor, RegisterFilesUpdate, (nint)(&update), 1, 0, 0) == 1;
    }

    public void Dispose()
    {
        _ = Native.Unmap(_entries, _entryBytes);
        _ = Native.Unmap(_ring, _ringBytes);
        _ = Native.Close(_descriptor);
    }

    private void Enter(uint completions, long nanoseconds, long gatherNanoseconds, bool getEvents)
    {
        Volatile.Write(ref *_submissionTail, _tail);
        var count = Unsubmitted;
        if (_limit is not null && _limit(count) is var fewer && fewer < count) (count, completions) = (fewer, 0);
        var timeout = Native.TimeSpec.FromNanoseconds(Math.Max(0, nanoseconds));
        var argument = new WaitArgument { MinimumWaitMicroseconds = (uint)(gatherNanoseconds / 1000), Timeout = (ulong)(&timeout) };
        var extended = getEvents && completions > 0;
        var flags = (getEvents ? EnterGetEvents : 0) | (extended ? EnterExtendedArgument : 0);
        // An interruption, or the time-out, comes after the submissions were taken. When fewer are taken there is no wait.
        _ = Native.SystemCall(
            EnterCall, _descriptor, count, (nint)completions, (nint)flags, extended ? (nint)(&argument) : 0, extended ? sizeof(WaitArgument) : 0);
    }

    private Submission* Entry(uint index) => (Submission*)(_entries + ((nint)(index & _submissionMask) * SubmissionEntrySize));

    private byte* MapRing(nuint length, nint offset)
    {
        const int readWrite = 3;
        const int sharedPopulated = 0x8001;
        var address = Native.Map(null, length, readWrite, sharedPopulated, _descriptor, offset);
        if ((nint)address == -1) throw new IOException($"io_uring mmap: errno {Marshal.GetLastPInvokeError()}");
        return (byte*)address;
    }

    /// <summary>struct io_uring_sqe.</summary>
    [StructLayout(LayoutKind.Explicit, Size = SubmissionEntrySize)]
    public struct Submission
    {
        [FieldOffset(0)] public byte Operation;
        [FieldOffset(1)] public byte Flags;
        [FieldOffset(2)] public ushort Priority;
        [FieldOffset(4)] public int Descriptor;
        [FieldOffset(8)] public ulong SecondAddress;
        [FieldOffset(16)] public ulong Address;
        [FieldOffset(24)] public uint Length;
        [FieldOffset(28)] public uint OperationFlags;
        [FieldOffset(32)] public ulong UserData;
        [FieldOffset(40)] public ushort BufferGroup;
        [FieldOffset(44)] public ushort AddressLength;
    }

    /// <summary>struct io_uring_cqe.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Completion
    {
        public ulong UserData;
        public int Result;
        public uint Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct SubmissionOffsets
    {
        public uint Head, Tail, Mask, Entries, Flags, Dropped, Array, Reserved;
        public ulong UserAddress;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct CompletionOffsets
    {
        public uint Head, Tail, Mask, RingEntries, Overflow, Entries, Flags, Reserved;
        public ulong UserAddress;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Parameters
    {
        public uint SubmissionEntries, CompletionEntries, Flags, PollCpu, PollIdle, Features, WorkerDescriptor, Reserved1, Reserved2, Reserved3;
        public SubmissionOffsets Submission;
        public CompletionOffsets Completion;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct WaitArgument
    {
        public ulong SignalMask;
        public uint SignalMaskLength;
        public uint MinimumWaitMicroseconds;
        public ulong Timeout;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct BufferRingRegistration
    {
        public ulong Address;
        public uint Entries;
        public ushort Group, Flags;
        public ulong Reserved1, Reserved2, Reserved3;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct FileTableRegistration
    {
        public uint Count, Flags;
        public ulong Reserved, Data, Tags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct FileUpdate
    {
        public uint Place, Reserved;
        public ulong Descriptors;
    }
}
