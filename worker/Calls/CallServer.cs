using System.Security.Cryptography;
using ClickToDial.Calls.Bridging;
using ClickToDial.Calls.Control;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Edge;
using ClickToDial.Calls.Events;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Recording;
using ClickToDial.Calls.Registrar;
using ClickToDial.Calls.RemoteControl;
using ClickToDial.Calls.Secrets;
using ClickToDial.Calls.Sounds;
using ClickToDial.Calls.Trunks;
using ClickToDial.Media.Plane;
using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Endpoint;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls;

/// <summary>
/// The worker without its process: SIP, media, registrar, calls, events. Reads from top to bottom as a call does: a request
/// reaches the router or the control API, the book makes a call of it, the call makes legs and sound, and tells the spool.
/// </summary>
public sealed class CallServer : IAsyncDisposable
{
    private readonly SipEndpoint _sip;
    private readonly MediaPlane _media;
    private readonly HttpClient _http;
    private readonly EventSpool _spool;
    private readonly EventSender _sender;
    private readonly DirectoryClient _directory;
    private readonly BindingFile _bindings;
    private readonly CallClock _clock;
    private readonly CallBook _book;
    private readonly Refusals _refusals;
    private readonly TrunkMonitor _trunks;
    private readonly TrunkMetrics _trunkMetrics;
    private readonly CallMetrics _callMetrics = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _leaveLimit;
    private readonly CallFeed _feed = new();
    private readonly Farewells _farewells = new();
    private readonly SessionKeys _sessionKeys;
    private readonly BrowserGate _browsers;
    private readonly HookParts _hooks;
    private readonly int _maxCalls;
    private readonly Task _loading;
    private Task _recovery = Task.CompletedTask;
    private CallRecorder? _recorder;
    private RecordingRetention? _retention;

    private CallServer(CallServerOptions options, Fellows? fellows, SipEndpoint sip, MediaPlane media, TimeProvider time, ILoggerFactory logs)
    {
        Fellows = fellows;
        _sip = sip;
        _media = media;
        _maxCalls = options.Calls.MaxCalls;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2), ActivityHeadersPropagator = null }) { Timeout = Timeout.InfiniteTimeSpan };
        _spool = EventSpool.Open(options.Events, time, logs.CreateLogger<EventSpool>());
        var poster = new WebhookPoster(_http, options.Directory.Functions, options.PbxToken, options.Events.PostDeadline, time);
        _sender = new EventSender(_spool, poster, options.Events, time, Random.Shared, logs.CreateLogger<EventSender>());
        _directory = new DirectoryClient(_http, options.Directory, time, Random.Shared, logs.CreateLogger<DirectoryClient>());
        var bindings = new BindingStore(time);
        _bindings = new BindingFile(bindings, options.BindingFile, time, logs.CreateLogger<BindingFile>());
        Broken = Task.WhenAny(media.Completion, _sender.Completion);
        _clock = new CallClock(time);
        var srtp = new SrtpPolicy(options.Srtp, logs.CreateLogger<SrtpPolicy>());
        var legs = new LegContext(sip, time, Random.Shared, _farewells, srtp, options.Signalling);
        _time = time;
        _leaveLimit = options.Trunks.LeaveLimit;
        var trunkLog = logs.CreateLogger<TrunkMonitor>();
        var contacts = new TrunkContacts(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.BindingFile))!, "trunk-contacts.json"), trunkLog);
        _trunks = new TrunkMonitor(sip, _directory, contacts, options.Trunks, time, Random.Shared, trunkLog);
        var load = new TrunkLoad();
        _trunkMetrics = new TrunkMetrics(load);
        _trunkMetrics.Watch(_trunks);
        var digest = new DigestAuthenticator(options.Digest, time, RandomNumberGenerator.GetBytes(32));
        _sessionKeys = new SessionKeys(_http, options.Directory.Functions, time, Random.Shared, logs.CreateLogger<SessionKeys>());
        var byToken = new LocalBrowserHooks(new SessionTokenCheck(_sessionKeys, options.Browser, time), time);
        _hooks = new HookParts(
            _http, _directory, options.Directory.Functions, options.Calls.Worker, options.Hooks, time, logs, Show, options.HookSecret);
        var hooks = options.BrowserHooks?.Invoke(byToken) ?? _hooks.Browsers(byToken);
        _browsers = new BrowserGate(
            hooks, _directory, digest, sip, options.Browser, time, logs.CreateLogger<BrowserGate>(), fellows);
        var factory = new LegFactory(legs, new Whereabouts(bindings, fellows, sip.IsOpen), _directory, media.ServesBrowsers, _browsers.SessionOver);
        OpenRecorder(options, time, logs);
        var hookLimit = TimeSpan.FromSeconds(options.Browser.HookSeconds);
        var services = new CallServices(
            options.Calls, _spool, _directory, factory, load, _trunks, media, _clock, new CallSounds(options.Sounds), srtp, time, Random.Shared,
            logs.CreateLogger<CallServer>(), (ICallRecorder?)_recorder ?? NoRecorder.Instance, _feed, _callMetrics,
            new CallHooks(_hooks.Phones, hooks, _browsers, hookLimit, time, logs.CreateLogger<CallHooks>()));
        _book = new CallBook(services);
        _callMetrics.Watch(() => _book.Count, options.Calls.MaxCalls, () => bindings.All().Count);
        foreach (var ended in _spool.EndedCalls) _book.Remember(ended);
        foreach (var lost in _spool.LostCalls) _book.Remember(lost);
        var gate = new DeviceGate(_directory, digest, new LoginGuard(time), logs.CreateLogger<DeviceGate>());
        foreach (var binding in bindings.All()) gate.Remember(binding);
        var registrar = new RegistrarService(bindings, _bindings, sip, gate, _browsers, options.Registrar, time, logs.CreateLogger<RegistrarService>());
        var routing = _hooks.Incoming(options.IncomingRouting ?? new DirectoryRouting(_directory, factory.CanReach));
        _refusals = new Refusals(legs, services);
        var trunkCalls = new TrunkCalls(legs, _directory, _trunks, load, routing, _trunkMetrics, _refusals, trunkLog);
        fellows?.Lend(sip, bindings, _browsers.SessionOver, _hooks.Sessions, _book);
        sip.Start(new SipRouter(sip, registrar, new IncomingCalls(legs, gate, _browsers, trunkCalls, _refusals, services, _book), gate));
        RemoteControl = new RemoteControlServer(new RemoteServices(
            _book, fellows?.Elsewhere, hooks, _directory, options.RemoteControl, hookLimit, options.Calls.MaxDialledPerUser,
            factory.CanReach, time, logs.CreateLogger<RemoteControlServer>()));
        // From here on OPTIONS is answered, and calls are refused until the directory is there.
        _directory.Start();
        if (options.Browser.IsOn) _sessionKeys.Start();
        _loading = Task.Run(srtp.Load);
    }

    public ICallControl Calls => _book;

    /// <summary>The other workers, whose phones are called from here; null where this one is alone.</summary>
    public Fellows? Fellows { get; }

    /// <summary>Pages that control their users' phones.</summary>
    public RemoteControlServer RemoteControl { get; }

    /// <summary>Addresses that SIP is spoken on, with their real ports.</summary>
    public IReadOnlyList<SipListen> Listening => _sip.Listening;

    /// <summary>Completes when the directory is known for the first time.</summary>
    public Task DirectoryKnown => _directory.Known;

    /// <summary>Completes when the directory, now or later, is as wished.</summary>
    public Task DirectoryLearnsAsync(Func<CallDirectory, bool> wished) => _directory.WhenAsync(wished);

    /// <summary>Completes when a part that cannot be had again died, by a defect: then only a new process helps.</summary>
    public Task Broken { get; }

    /// <summary>Recordings that wait to be fetched; null where calls are not recorded.</summary>
    public RecordingShelf? Recordings { get; private set; }

    internal MediaPlane Media => _media;

    /// <summary>How each trunk is.</summary>
    public IReadOnlyList<TrunkState> Trunks => _trunks.States;

    internal SipEndpoint Sip => _sip;

    public WorkerHealth Health
    {
        get
        {
            var live = !Broken.IsCompleted;
            var ready = live && _book.Admission == OriginateVerdict.Accepted;
            var trunks = _trunks.States;
            var fellows = Fellows?.State ?? default;
            return new WorkerHealth(
                live, ready, _book.IsDraining, _directory.Current is not null, _spool.IsHealthy, _book.Count, _maxCalls,
                trunks.Count, trunks.Count(trunk => trunk.IsUp), Dependencies(trunks), fellows.Known, fellows.Reached, fellows.Users);
        }
    }

    private Dictionary<string, string> Dependencies(IReadOnlyList<TrunkState> trunks)
    {
        return new(StringComparer.Ordinal)
        {
            ["functions"] = Word(_directory.IsReached),
            ["disk"] = Word(_spool.IsHealthy),
            ["media"] = Word(!_media.Completion.IsCompleted),
            ["trunks"] = trunks.Count == 0 ? "off" : Word(trunks.All(trunk => trunk.IsUp)),
        };

        static string Word(bool isUp) => isUp ? "up" : "down";
    }

    /// <summary>Binds the sockets first, so that peers find an open door while the rest is read from disk.</summary>
    /// <exception cref="IOException">The state folder or the folder of sounds cannot be used.</exception>
    /// <exception cref="InvalidDataException">The folder of sounds has a file that is none.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">An address is taken.</exception>
    public static async Task<CallServer> StartAsync(CallServerOptions options, TimeProvider time, ILoggerFactory logs)
    {
        var fellows = options.ControlToken is { } token ? new Fellows(token, time, logs.CreateLogger<Fellows>()) : null;
        var signalling = fellows is null ? options.Sip : options.Sip with { OtherTransports = [.. options.Sip.OtherTransports, fellows] };
        var sip = new SipEndpoint(Capabilities.Of(signalling, options.Signalling), time, logs.CreateLogger<SipEndpoint>());
        MediaPlane? media = null;
        try
        {
            media = await MediaPlane.StartAsync(options.Media, time, logs.CreateLogger<MediaPlane>());
            return new CallServer(options, fellows, sip, media, time, logs);
        }
        catch
        {
            if (media is not null) await media.DisposeAsync();
            await sip.DisposeAsync();
            throw;
        }
    }

    // Nobody is let in before all of it is made, but news of a back end that answers late may come while it is taken apart.
    private void Show(ClientNews news)
    {
        _browsers?.Show(news);
        RemoteControl?.Show(news);
    }

    private void OpenRecorder(CallServerOptions options, TimeProvider time, ILoggerFactory logs)
    {
        if (options.Recording is not { } settings) return;
        var logger = logs.CreateLogger<CallRecorder>();
        Recordings = new RecordingShelf(settings.Folder);
        _recovery = RecordingRecovery.RunAsync(Recordings, _spool, options.Events.Worker, time, logger);
        _recorder = new CallRecorder(Recordings, settings, time, logger);
        _retention = new RecordingRetention(Recordings, settings, time, logger);
    }

    /// <summary>Takes no new calls, and waits until those under way have ended, here and at others over phones here, or the token is cancelled.</summary>
    public async Task DrainAsync(CancellationToken enough)
    {
        _book.Drain();
        // Trunks are told first that no new call is wanted.
        await _trunks.LeaveAsync().WaitAsync(_leaveLimit, _time, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _book.WhenIdle().WaitAsync(enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Fellows is not null) await Fellows.WhenUnusedAsync(enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Hangs up what is left and waits until its peers and its events have been answered or the token is cancelled; they are on disk either way.</summary>
    public async Task StopAsync(CancellationToken enough)
    {
        _book.Drain();
        _ = _trunks.LeaveAsync();
        _refusals.EndAll();
        await _book.EndAllAsync(CallInput.Shutdown).WaitAsync(enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _feed.Complete();
        await _farewells.WhenNone().WaitAsync(enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _sender.FlushAsync(enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Lets go of everything at once; a call under way is closed by the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        _trunks.Dispose();
        _trunkMetrics.Dispose();
        _browsers.Dispose();
        _callMetrics.Dispose();
        await _sip.DisposeAsync();
        await RemoteControl.DisposeAsync();
        await _hooks.DisposeAsync();
        await _directory.DisposeAsync();
        await _sessionKeys.DisposeAsync();
        await _bindings.DisposeAsync();
        await _sender.DisposeAsync();
        if (_recorder is not null) await _recorder.DisposeAsync();
        if (_retention is not null) await _retention.DisposeAsync();
        await _recovery.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _loading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _spool.Dispose();
        _clock.Dispose();
        await _media.DisposeAsync();
        _http.Dispose();
    }
}
