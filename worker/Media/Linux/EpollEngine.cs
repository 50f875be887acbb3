using System.Runtime.InteropServices;

namespace ClickToDial.Media.Linux;

/// <summary>
/// The engine for every Linux: readiness by epoll, level-triggered, recvmmsg to empty a socket in one call, sendto or sendmmsg
/// to answer. Under load it sleeps for the coalescing time before it asks, so that one wake-up finds many sockets ready.
/// </summary>
internal sealed unsafe class EpollEngine : IPacketEngine
{
    private const int MaxEvents = 256;
    private const int Burst = 8;
    private const int MaxPerTurn = 256;
    private const int BufferCount = 512;
    private const int SystemCallEpollWait2 = 441;
    private const ulong WakeKey = ulong.MaxValue;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int EventData = EventSize - 8;

    private readonly int _epoll = Native.EpollCreate(Native.EpollCloseOnExec);
    private readonly int _wake = Native.EventFd(0, Native.EventFdFlags);
    private readonly byte* _buffers = (byte*)NativeMemory.AlignedAlloc(BufferCount * PacketBuffers.Size, 64);
    private readonly byte* _events = (byte*)NativeMemory.AllocZeroed(MaxEvents * 16);
    private readonly Native.MultiMessage* _messages = (Native.MultiMessage*)NativeMemory.AllocZeroed(Burst, (nuint)sizeof(Native.MultiMessage));
    private readonly Native.IoVector* _vectors = (Native.IoVector*)NativeMemory.AllocZeroed(Burst, (nuint)sizeof(Native.IoVector));
    private readonly SocketName* _names = (SocketName*)NativeMemory.AllocZeroed(Burst, (nuint)sizeof(SocketName));
    private readonly SendQueue _sends = new(BufferCount);
    private readonly MediaClock _clock;
    private readonly Dictionary<int, ulong> _keys = [];
    private readonly Queue<ulong> _released = new();
    private Coalescing _coalescing;
    private int _nextBuffer;
    private bool _hasWait2 = true;

    public EpollEngine(MediaClock clock, TimeSpan coalesce)
    {
        if (_epoll < 0 || _wake < 0) throw new IOException("epoll or eventfd is not available.");
        _clock = clock;
        _coalescing = new Coalescing((long)coalesce.TotalNanoseconds);
        Register(_wake, WakeKey);
        for (var i = 0; i < Burst; i++)
        {
            _vectors[i].Length = PacketBuffers.Size;
            _messages[i].Header.Vectors = _vectors + i;
            _messages[i].Header.VectorCount = 1;
            _messages[i].Header.Name = _names + i;
        }
        Native.SharpenTimers();
        _ = ShortTurns.TryAsk();
    }

    public string Name => "epoll";

    public long SendFailures => _sends.Failures;

    public void Add(int socket, ulong key)
    {
        _keys[socket] = key;
        Register(socket, key);
    }

    public void Remove(int socket)
    {
        _sends.Flush(); // nothing may leave by a descriptor that is about to mean another socket
        _keys.Remove(socket);
        _ = Native.Close(socket); // leaves the epoll set with its last descriptor
    }

    public void Release(int socket)
    {
        if (!_keys.Remove(socket, out var key)) return;
        _sends.Flush(); // the socket's new owner may close it any time
        _ = Native.EpollControl(_epoll, Native.EpollDelete, socket, null);
        _released.Enqueue(key);
    }

    public void Send(int socket, in SocketName to, byte* data, int length)
    {
        if (_sends.IsFull) _sends.Flush();
        _sends.Add(socket, to, data, length);
    }

    public byte* Rent()
    {
        if (_nextBuffer == BufferCount) Recycle();
        return _buffers + ((nint)_nextBuffer++ * PacketBuffers.Size);
    }

    public void Wait(long nanoseconds, IPacketSink sink)
    {
        Recycle();
        if (_released.Count > 0) nanoseconds = 0;
        var gather = Math.Min(_coalescing.Wait(_clock.Nanoseconds), nanoseconds);
        if (gather > 0)
        {
            var pause = Native.TimeSpec.FromNanoseconds(gather);
            _ = Native.PreciseSleep(null, 0, &pause, null);
        }
        var ready = WaitForEvents(nanoseconds - gather);
        var taken = _clock.Nanoseconds;
        sink.BeginBatch();
        while (_released.TryDequeue(out var key)) sink.OnReleased(key);
        var packets = 0;
        for (var i = 0; i < ready; i++)
        {
            var data = *(ulong*)(_events + (i * EventSize) + EventData);
            if (data != WakeKey) packets += Receive((int)(uint)data, sink);
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
        foreach (var socket in _keys.Keys) _ = Native.Close(socket);
        _ = Native.Close(_epoll);
        _ = Native.Close(_wake);
        NativeMemory.AlignedFree(_buffers);
        NativeMemory.Free(_events);
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_names);
        _sends.Dispose();
    }

    private void Register(int descriptor, ulong key)
    {
        var interest = stackalloc byte[16];
        // Wakes are edges that nobody reads: a read would swallow the wake of a command posted since the last were carried out.
        *(uint*)interest = Native.EpollIn | (key == WakeKey ? Native.EpollEdge : 0);
        *(ulong*)(interest + EventData) = key == WakeKey ? WakeKey : (uint)descriptor;
        if (Native.EpollControl(_epoll, Native.EpollAdd, descriptor, interest) < 0)
            throw new IOException($"epoll_ctl failed: errno {Marshal.GetLastPInvokeError()}.");
    }

    private int WaitForEvents(long nanoseconds)
    {
        if (_hasWait2)
        {
            var timeout = Native.TimeSpec.FromNanoseconds(Math.Max(0, nanoseconds));
            var ready = Native.SystemCall(SystemCallEpollWait2, _epoll, (nint)_events, MaxEvents, (nint)(&timeout), 0, 0);
            if (ready >= 0) return (int)ready;
            if (Marshal.GetLastPInvokeError() == Native.ErrorInterrupted) return 0;
            _hasWait2 = false; // a kernel before 5.11
        }
        return Math.Max(0, Native.EpollWait(_epoll, _events, MaxEvents, (int)((nanoseconds + 999_999) / 1_000_000)));
    }

    // The port that browsers share has many packets waiting; one peer's hardly ever fills a burst, and is not asked again.
    private int Receive(int socket, IPacketSink sink)
    {
        var packets = 0;
        int burst;
        do packets += burst = ReceiveBurst(socket, sink);
        while (burst == Burst && packets < MaxPerTurn);
        return packets;
    }

    private int ReceiveBurst(int socket, IPacketSink sink)
    {
        if (!_keys.TryGetValue(socket, out var key)) return 0;
        if (_nextBuffer + Burst > BufferCount) Recycle();
        for (var i = 0; i < Burst; i++)
        {
            _vectors[i].Base = _buffers + ((nint)(_nextBuffer + i) * PacketBuffers.Size);
            _messages[i].Header.NameLength = SocketName.MaxLength;
        }
        var count = Native.ReceiveMany(socket, _messages, Burst, Native.MsgDontWait, null);
        if (count <= 0) return 0;
        _nextBuffer += count;
        for (var i = 0; i < count; i++)
        {
            if ((_messages[i].Header.Flags & Native.MsgTruncated) != 0) continue;
            sink.OnPacket(key, (byte*)_vectors[i].Base, (int)_messages[i].Length, SocketName.Read((byte*)(_names + i)));
        }
        return count;
    }

    private void Recycle()
    {
        _sends.Flush();
        _nextBuffer = 0;
    }
}
