namespace ClickToDial.Media.Linux;

/// <summary>
/// Moves datagrams for one shard. Created, used and disposed on that shard's thread alone, <see cref="Wake"/> excepted.
/// Buffers belong to the engine: a received packet and a rented buffer stay valid until the next <see cref="Wait"/> begins to
/// block, so a packet may be rewritten and sent from where it was received.
/// </summary>
internal unsafe interface IPacketEngine : IDisposable
{
    string Name { get; }

    /// <summary>Datagrams the kernel would not take.</summary>
    long SendFailures { get; }

    /// <summary>Begins to receive on a socket; what arrives is delivered with the key.</summary>
    void Add(int socket, ulong key);

    /// <summary>Stops receiving and closes the socket.</summary>
    void Remove(int socket);

    /// <summary>
    /// Stops receiving and leaves the socket open, for another engine: what this one has received of it is delivered, then the sink is
    /// told. What it was to send is sent.
    /// </summary>
    void Release(int socket);

    /// <summary>Queues a datagram; it leaves in order, at the latest when <see cref="Wait"/> is called.</summary>
    void Send(int socket, in SocketName to, byte* data, int length);

    /// <summary>A buffer of <see cref="PacketBuffers.Size"/> octets for a datagram of our own.</summary>
    byte* Rent();

    /// <summary>Sends what is queued, waits at most that long for datagrams, and delivers them. Returns early when woken.</summary>
    void Wait(long nanoseconds, IPacketSink sink);

    /// <summary>Ends a wait; the one member any thread may call.</summary>
    void Wake();
}

/// <summary>Takes what an engine receives.</summary>
internal unsafe interface IPacketSink
{
    /// <summary>Packets follow; they arrived about now.</summary>
    void BeginBatch();

    void OnPacket(ulong key, byte* data, int length, in SocketName from);

    /// <summary>The socket was released; nothing more comes with that key.</summary>
    void OnReleased(ulong key);
}

/// <summary>Sizes shared by the engines.</summary>
internal static class PacketBuffers
{
    /// <summary>Octets of a buffer: an Ethernet frame's worth of datagram and room for what the kernel puts before it.</summary>
    public const int Size = 2048;
}
