using System.Runtime.InteropServices;

namespace ClickToDial.Media.Linux;

/// <summary>
/// The fast engine: each socket has one multishot receive that takes buffers from a shared ring, packets are rewritten and sent
/// from where they were received, and one system call submits a batch of sends and waits for the next batch of packets.
/// <code>
///   kernel ──completions──▶ OnPacket (rewrite in place) ──▶ send entries
///      ▲                                                        │
///      └── io_uring_enter: submit, then wait for 32 packets or the coalescing time
/// </code>
/// Sends are tried once, at submission (MSG_DONTWAIT), and tell only failures; so when the call returns, every buffer of the
/// batch is free again.
/// </summary>
internal sealed unsafe class UringEngine : IPacketEngine
{
    private const int Submissions = 1024;
    private const int Completions = 8192;
    private const int ReceiveBuffers = 1024;
    private const int OwnBuffers = 256;
    private const int MostFiles = 32768;
    private const ushort Group = 0;

    private const byte OperationPoll = 6;
    private const byte OperationReceiveMessage = 10;
    private const byte OperationCancel = 14;
    private const byte OperationSend = 26;
    private const byte FixedFile = 1;
    private const byte SelectBuffer = 1 << 5;
    private const byte TellOnlyFailure = 1 << 6;
    private const ushort PollFirstMultishot = 1 | 2;
    private const uint PollMultishot = 1;
    private const uint HasBuffer = 1;
    private const uint MoreFollows = 2;

    // struct io_uring_recvmsg_out, the name, then the datagram.
    private const int NameOffset = 16;
    private const int DataOffset = NameOffset + SocketName.MaxLength;

    // Keys of legs have a generation above 0 in their upper half, so these are nobody's.
    private const ulong SendKey = 1;
    private const ulong CancelKey = 2;
    private const ulong WakeKey = 3;

    private readonly MediaClock _clock;
    private readonly Uring _ring;
    private readonly UringBuffers _received = new(ReceiveBuffers);
    private readonly byte* _own = (byte*)NativeMemory.AlignedAlloc(OwnBuffers * PacketBuffers.Size, 64);
    private readonly SocketName* _names = (SocketName*)NativeMemory.AllocZeroed(Submissions, (nuint)sizeof(SocketName));
    private readonly Native.MessageHeader* _receiveHeader = (Native.MessageHeader*)NativeMemory.AllocZeroed((nuint)sizeof(Native.MessageHeader));
    private readonly int _wake = Native.EventFd(0, Native.EventFdFlags);
    private readonly Dictionary<ulong, int> _sockets = [];
    private readonly Dictionary<int, ulong> _keys = [];
    private readonly List<int> _closing = [];
    private readonly HashSet<ulong> _releasing = [];

    // The ring's own table of sockets, by descriptor: spares each send and receive the look-up in the process's table.
    private readonly bool[] _fixed;
    private Coalescing _coalescing;
    private int _nextOwn;

    /// <param name="limit">For tests, see <see cref="Uring(int, int, Func{int, int})"/>.</param>
    /// <exception cref="IOException">The kernel has no io_uring of 6.1 or later, or forbids it.</exception>
    public UringEngine(MediaClock clock, TimeSpan coalesce, Func<int, int>? limit = null)
    {
        _clock = clock;
        _coalescing = new Coalescing((long)coalesce.TotalNanoseconds);
        _receiveHeader->NameLength = SocketName.MaxLength;
        try
        {
            _ring = new Uring(Submissions, Completions, limit);
            _ring.RegisterBuffers(_received.Ring, ReceiveBuffers, Group);
            _fixed = new bool[_ring.RegisterFileTable(MostFiles)];
        }
        catch (IOException)
        {
            FreeMemory();
            _ring?.Dispose();
            throw;
        }
        _received.FillAll();
        WatchWake();
        Native.SharpenTimers();
        _ = ShortTurns.TryAsk();
    }

    public string Name => "io_uring";

    public long SendFailures { get; private set; }

    public void Add(int socket, ulong key)
    {
        _sockets[key] = socket;
        _keys[socket] = key;
        if (socket < _fixed.Length) _fixed[socket] = _ring.SetFile(socket, socket);
        Receive(socket, key);
    }

    public void Remove(int socket)
    {
        if (!_keys.Remove(socket, out var key)) return;
        _sockets.Remove(key);
        Cancel(key);
        _closing.Add(socket); // once the sends before it and the cancellation have been submitted
    }

    public void Release(int socket)
    {
        if (!_keys.TryGetValue(socket, out var key)) return;
        _releasing.Add(key);
        Cancel(key);
    }

    public void Send(int socket, in SocketName to, byte* data, int length)
    {
        var entry = TryNext(out var place);
        if (entry is null)
        {
            SendFailures++;
            return;
        }
        _names[place] = to;
        entry->Operation = OperationSend;
        entry->Flags = (byte)(TellOnlyFailure | FileFlag(socket));
        entry->Descriptor = socket;
        entry->Address = (ulong)data;
        entry->Length = (uint)length;
        entry->OperationFlags = Native.MsgDontWait;
        entry->SecondAddress = (ulong)(_names + place);
        entry->AddressLength = (ushort)to.Length;
        entry->UserData = SendKey;
    }

    public byte* Rent()
    {
        if (_nextOwn == OwnBuffers)
        {
            Submit();
            _nextOwn = 0;
        }
        return _own + ((nint)_nextOwn++ * PacketBuffers.Size);
    }

    public void Wait(long nanoseconds, IPacketSink sink)
    {
        SubmitAndWait(nanoseconds);
        var taken = _clock.Nanoseconds;
        if (_ring.Unsubmitted > 0) Submit();
        _received.Recycle();
        _nextOwn = 0;
        CloseRemoved();
        sink.BeginBatch();
        var packets = 0;
        while (_ring.Peek() is not null and var completion)
        {
            var copy = *completion;
            _ring.Consume();
            if (Complete(copy, sink)) packets++;
        }
        _coalescing.Observe(packets, taken);
    }

    public void Wake()
    {
        ulong one = 1;
        _ = Native.Write(_wake, &one, sizeof(ulong));
    }

    public void Dispose()
    {
        _ring.Dispose();
        foreach (var socket in _keys.Keys) _ = Native.Close(socket);
        foreach (var socket in _closing) _ = Native.Close(socket);
        FreeMemory();
    }

    private void SubmitAndWait(long nanoseconds)
    {
        var gather = Math.Min(_coalescing.Wait(_clock.Nanoseconds), nanoseconds);
        if (gather <= 0) _ring.SubmitAndWait(nanoseconds > 0 ? 1u : 0u, nanoseconds, 0);
        else if (_ring.HasMinimumWait) _ring.SubmitAndWait(Coalescing.Batch, nanoseconds, gather);
        else
        {
            _ring.SubmitAndWait(Coalescing.Batch, gather, 0);
            if (_ring.Peek() is null && nanoseconds > gather) _ring.SubmitAndWait(1, nanoseconds - gather, 0);
        }
    }

    // True when it was a packet.
    private bool Complete(in Uring.Completion completion, IPacketSink sink)
    {
        switch (completion.UserData)
        {
            case SendKey:
                SendFailures++;
                return false;
            case CancelKey:
                return false;
            case WakeKey:
                // Not read: that would swallow the wake of a command posted since the last were carried out.
                if ((completion.Flags & MoreFollows) == 0) WatchWake();
                return false;
        }
        var hasPacket = (completion.Flags & HasBuffer) != 0;
        if (hasPacket) Deliver(completion, sink);
        // A multishot receive ends by cancellation, lack of buffers or overflow; for a socket that is still ours it goes on.
        if ((completion.Flags & MoreFollows) != 0 || !_sockets.TryGetValue(completion.UserData, out var socket)) return hasPacket;
        if (_releasing.Remove(completion.UserData)) Released(socket, completion.UserData, sink);
        else Receive(socket, completion.UserData);
        return hasPacket;
    }

    private void Released(int socket, ulong key, IPacketSink sink)
    {
        _keys.Remove(socket);
        _sockets.Remove(key);
        if (FileFlag(socket) != 0) _fixed[socket] = !_ring.SetFile(socket, -1);
        sink.OnReleased(key);
    }

    private void Cancel(ulong key)
    {
        var entry = Next(out _);
        entry->Operation = OperationCancel;
        entry->Flags = TellOnlyFailure;
        entry->Descriptor = -1;
        entry->Address = key;
        entry->UserData = CancelKey;
    }

    private void Deliver(in Uring.Completion completion, IPacketSink sink)
    {
        var buffer = _received.Take((int)(completion.Flags >> 16));
        var header = (uint*)buffer; // name length, control length, payload length, flags
        if (completion.Result < DataOffset || (header[3] & Native.MsgTruncated) != 0) return;
        sink.OnPacket(completion.UserData, buffer + DataOffset, completion.Result - DataOffset, SocketName.Read(buffer + NameOffset));
    }

    private void Receive(int socket, ulong key)
    {
        var entry = Next(out _);
        entry->Operation = OperationReceiveMessage;
        entry->Flags = (byte)(SelectBuffer | FileFlag(socket));
        entry->Priority = PollFirstMultishot;
        entry->Descriptor = socket;
        entry->Address = (ulong)_receiveHeader;
        entry->Length = 1;
        entry->BufferGroup = Group;
        entry->UserData = key;
    }

    private void WatchWake()
    {
        var entry = Next(out _);
        entry->Operation = OperationPoll;
        entry->Descriptor = _wake;
        entry->Length = PollMultishot;
        entry->OperationFlags = Native.EpollIn;
        entry->UserData = WakeKey;
    }

    // A descriptor is its own place in the table.
    private byte FileFlag(int socket) => socket < _fixed.Length && _fixed[socket] ? FixedFile : (byte)0;

    // For what must not be lost.
    private Uring.Submission* Next(out int place)
    {
        var entry = TryNext(out place);
        return entry is not null ? entry : throw new IOException("io_uring takes no more submissions.");
    }

    private Uring.Submission* TryNext(out int place)
    {
        var entry = _ring.Next(out place);
        if (entry is not null) return entry;
        Submit();
        return _ring.Next(out place);
    }

    // Hands everything over. A kernel short of memory takes a part or nothing; sends it does not want are then lost, like any datagram
    // in a full queue: their buffers are about to be filled anew, and must not leave with what another call put there.
    private void Submit()
    {
        var waiting = _ring.Unsubmitted;
        while (waiting > 0)
        {
            _ring.Submit();
            var left = _ring.Unsubmitted;
            if (left == waiting) break;
            waiting = left;
        }
        if (waiting > 0) SendFailures += _ring.Withdraw(SendKey);
    }

    private void CloseRemoved()
    {
        if (_ring.Unsubmitted > 0) return; // what waits yet may name one of them, and its number would soon be another's
        foreach (var socket in _closing)
        {
            if (FileFlag(socket) != 0) _fixed[socket] = !_ring.SetFile(socket, -1);
            _ = Native.Close(socket);
        }
        _closing.Clear();
    }

    private void FreeMemory()
    {
        _received.Dispose();
        _ = Native.Close(_wake);
        NativeMemory.AlignedFree(_own);
        NativeMemory.Free(_names);
        NativeMemory.Free(_receiveHeader);
    }
}
