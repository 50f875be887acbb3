using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using ClickToDial.Media.Dtls;
using ClickToDial.Media.Ice;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Quality;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Transcoding;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Media.Plane;

/// <summary>
/// The media plane: ports, the threads that move packets, and the legs on them. Linux only: the packet path speaks to the
/// kernel without the runtime's sockets.
/// </summary>
public sealed class MediaPlane : IAsyncDisposable
{
    private const int PortAttempts = 32;
    private const int EventCapacity = 8192;
    private readonly MediaOptions _options;
    private readonly IPAddress _bind;
    private readonly IPAddress? _v4;
    private readonly IPAddress? _v6;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly PortAllocator _ports;
    private readonly EngineChoice _engines;
    private readonly Shard[] _shards;
    private readonly TranscodingThread? _transcoding;
    private readonly DtlsContext? _dtls;
    private readonly TcpCandidate? _tcp;
    private readonly Channel<MediaEvent> _events =
        Channel.CreateBounded<MediaEvent>(new BoundedChannelOptions(EventCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly Task _pump;
    private readonly TimeProvider _time;
    private int _openLegs;
    private long _shortRestsSaid;
    private long _shortRestsSaidAt;

    private MediaPlane(MediaOptions options, TimeProvider time, Random random, ILogger logger)
    {
        _options = options;
        _bind = IPAddress.Parse(options.BindAddress);
        (_v4, _v6) = (options.Advertised(AddressFamily.InterNetwork), options.Advertised(AddressFamily.InterNetworkV6));
        Address = options.AdvertisedAddress;
        _random = random;
        _time = time;
        _logger = logger;
        _ports = new PortAllocator(options.FirstPort, options.LastPort, TimeSpan.FromSeconds(options.QuarantineSeconds), time, random);
        var clock = new MediaClock(time);
        _engines = new EngineChoice(options, clock, logger);
        var window = options.LatchSeconds * 1_000_000_000L;
        _transcoding = options.Transcoding ? new TranscodingThread(clock, logger) : null;
        Action<TranscodedStream>? transcode = _transcoding is null ? null : _transcoding.Add;
        var count = options.Shards > 0 ? options.Shards : Math.Clamp(Environment.ProcessorCount / 2, 1, 4);
        _shards = [.. Enumerable.Range(0, count).Select(i => new Shard(i, _engines.Create, engine => new Relay(engine, clock, window, Tell) { Transcode = transcode }, logger))];
        Metrics = new MediaMetrics(() => OpenLegs, () => _ports.ShortRests);
        if (options.BrowserPort >= 0)
        {
            _dtls = DtlsContext.Create(time);
            _tcp = OpenBrowserPort(time);
        }
        _pump = PumpAsync();
        Completion = WatchAsync();
    }

    /// <summary>The address to write into SDP where nothing speaks for a family.</summary>
    public IPAddress Address { get; }

    /// <summary>The address to write into SDP for a peer that is reached by that family; null when we have none of it.</summary>
    public IPAddress? AddressOf(AddressFamily family) => family switch
    {
        AddressFamily.InterNetwork => _v4,
        AddressFamily.InterNetworkV6 => _v6,
        _ => null,
    };

    /// <summary>Ends that share no codec hear each other all the same.</summary>
    public bool Transcodes => _transcoding is not null;

    /// <summary>What is measured of all legs, on the meter <see cref="MediaMetrics.MeterName"/>.</summary>
    public MediaMetrics Metrics { get; }

    /// <summary>Legs can be opened to browsers.</summary>
    public bool ServesBrowsers => _dtls is not null;

    /// <summary>Legs that are open now.</summary>
    public int OpenLegs => Volatile.Read(ref _openLegs);

    /// <summary>The interface that moves packets, "io_uring" or "epoll".</summary>
    public string EngineName => _shards[0].EngineName;

    /// <summary>Ends when the plane is disposed of; faults when a packet thread died, after which calls are deaf.</summary>
    public Task Completion { get; }

    /// <summary>Starts the threads; returns when packets can flow.</summary>
    /// <param name="random">For ports, SSRCs and first sequence numbers, which others must not foresee; null for a secure one.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message names every error.</exception>
    public static async Task<MediaPlane> StartAsync(MediaOptions options, TimeProvider time, ILogger<MediaPlane> logger, Random? random = null)
    {
        if (options.Validate() is { Count: > 0 } errors) throw new ArgumentException(string.Join(' ', errors), nameof(options));
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException("The media plane runs on Linux.");
        var plane = new MediaPlane(options, time, random ?? new SecureRandom(), logger);
        await Task.WhenAll(plane._shards.Select(shard => shard.Started));
        MediaLog.Started(logger, plane._shards.Length, plane.EngineName, plane._engines.Reason, options.FirstPort, options.LastPort);
        return plane;
    }

    /// <summary>Opens a leg, or returns null when no port pair is left.</summary>
    /// <param name="onEvent">Called on the plane's event task, never on a packet thread; it must not block, as all legs share that task.</param>
    /// <param name="beside">A leg of the same call; it saves moving one of them when they are joined.</param>
    public MediaLeg? TryOpenLeg(Action<MediaEvent>? onEvent = null, MediaLeg? beside = null)
    {
        for (var attempt = 0; attempt < PortAttempts && _ports.Rent() is { } port; attempt++)
        {
            if (Completion.IsCompleted) break; // A dead shard would never close them again.
            TellShortRests();
            if (TryOpenSockets(port, out var rtp, out var rtcp)) return Open(port, rtp, rtcp, onEvent, beside?.Shard ?? LeastLoaded());
            _ports.Return(port); // another program has it; it may be free later
        }
        MediaLog.NoPort(_logger, OpenLegs, _ports.Capacity);
        return null;
    }

    /// <summary>Stops the threads and closes every port.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_tcp is not null) await _tcp.DisposeAsync();
        _transcoding?.Dispose(); // It wakes shards, so it ends before them.
        await Task.WhenAll(_shards.Select(shard => shard.StopAsync()));
        _events.Writer.TryComplete();
        await _pump;
        Metrics.Dispose();
        _dtls?.Dispose();
    }

    /// <summary>Where all legs to browsers are, as they share a port; null where there is none.</summary>
    internal Shard? BrowserShard => _dtls is null ? null : _shards[0];

    internal BrowserEnd DescribeTo(IceCredentials credentials) =>
        new(credentials, _dtls!.Fingerprint, Address, _options.BrowserPort, _tcp is not null);

    internal void Closed(MediaLeg leg, LegStatistics last)
    {
        Metrics.Ended(last);
        leg.Shard.CountLeg(-1);
        Interlocked.Decrement(ref _openLegs);
        _ports.Return(leg.LocalPort);
    }

    private TcpCandidate? OpenBrowserPort(TimeProvider time)
    {
        var port = _options.BrowserPort;
        var socket = UdpSocket.Open(_bind, port, UdpSocket.SharedBufferBytes);
        if (socket < 0) throw new IOException($"Cannot bind {_bind}:{port}, the port for browsers: it is taken.");
        var granted = UdpSocket.ReceiveBufferOf(socket);
        if (granted < UdpSocket.SharedBufferBytes) MediaLog.SmallReceiveBuffer(_logger, granted, UdpSocket.SharedBufferBytes);
        var dtls = _dtls!;
        _shards[0].Post(relay => relay.OpenBrowserPort(socket, dtls));
        return _options.BrowserTcp ? TcpCandidate.Start(_bind, port, time, _logger) : null;
    }

    // Said once a minute at most: under load it would be said for every call.
    private void TellShortRests()
    {
        var (rests, now) = (_ports.ShortRests, _time.GetTimestamp());
        var said = Interlocked.Read(ref _shortRestsSaid);
        if (rests == said || (said > 0 && _time.GetElapsedTime(_shortRestsSaidAt, now) < TimeSpan.FromMinutes(1))) return;
        if (Interlocked.CompareExchange(ref _shortRestsSaid, rests, said) != said) return;
        Interlocked.Exchange(ref _shortRestsSaidAt, now);
        MediaLog.PortsScarce(_logger, rests - said, _options.QuarantineSeconds, _ports.Capacity);
    }

    private MediaLeg Open(int port, int rtp, int rtcp, Action<MediaEvent>? onEvent, Shard shard)
    {
        var stream = new OutgoingRtp((uint)_random.NextInt64(1, 1L << 32), (ushort)_random.Next(1 << 15), (uint)_random.NextInt64(1L << 32));
        var leg = new MediaLeg(this, shard, port, UdpSocket.ReachOf(_bind), onEvent, owner => new LegState(owner, port, rtp, rtcp, stream) { CanonicalName = MakeName() });
        shard.CountLeg(1);
        Interlocked.Increment(ref _openLegs);
        shard.Post(relay => relay.Add(leg.State));
        return leg;
    }

    private byte[] MakeName()
    {
        Span<byte> bits = stackalloc byte[12];
        _random.NextBytes(bits);
        return Encoding.ASCII.GetBytes(Convert.ToBase64String(bits));
    }

    private bool TryOpenSockets(int port, out int rtp, out int rtcp)
    {
        rtcp = -1;
        rtp = UdpSocket.Open(_bind, port);
        if (rtp < 0) return false;
        rtcp = UdpSocket.Open(_bind, port + 1);
        if (rtcp >= 0) return true;
        _ = Native.Close(rtp);
        return false;
    }

    private async Task WatchAsync()
    {
        await foreach (var ended in Task.WhenEach(_shards.Select(shard => shard.Ended))) await ended;
    }

    private Shard LeastLoaded() => _shards.MinBy(shard => shard.Legs) ?? _shards[0];

    private void Tell(MediaEvent value)
    {
        if (value.Leg.OnEvent is not null && !_events.Writer.TryWrite(value)) MediaLog.EventLost(_logger);
    }

    private async Task PumpAsync()
    {
        await foreach (var value in _events.Reader.ReadAllAsync())
        {
            try
            {
                value.Leg.OnEvent?.Invoke(value);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                // One call's fault must not make the others deaf.
                MediaLog.HandlerThrew(_logger, fault);
            }
        }
    }
}
