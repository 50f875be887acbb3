using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using ClickToDial.Calls.Bridging;
using ClickToDial.Calls.Control;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Events;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Recording;
using ClickToDial.Calls.Sounds;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;
using ClickToDial.Media.Plane;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Peers;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Calls.Tests.Support;

/// <summary>
/// One call with real sound and events, and with legs and hooks that the test plays: for what depends on the order in which they speak.
/// Users 101 and 103 have a browser, 102 a phone.
/// </summary>
internal sealed class CallRig : ILegFactory, ITrunkStates, ICallRecorder, IDirectory, IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly PortBlock _ports = PortBlock.Take();
    private readonly Channel<PlayedLeg> _rung = Channel.CreateUnbounded<PlayedLeg>();
    private readonly CallMetrics _metrics = new();
    private readonly CallClock _clock = new(TimeProvider.System);
    private MeterListener? _meters;
    private EventSpool? _spool;
    private MediaPlane? _media;
    private RecordedEnds _ends;

    public Call Call { get; private set; } = null!;

    public PlayedHooks Hooks { get; } = new();

    public CallDirectory? Current { get; } = new(new DirectorySnapshot(
        [DirectoryOf.Domain(WorkerRig.Domain, DirectoryOf.User("101", null), DirectoryOf.User("102", null), DirectoryOf.User("103", null))], []));

    /// <summary>Has a user called, who then calls another.</summary>
    public static async Task<CallRig> BeginAsync(string user = "101", string destination = "102")
    {
        var rig = new CallRig();
        var (first, last) = rig._ports.NextRange(40);
        rig._media = await MediaPlane.StartAsync(
            new MediaOptions { BindAddress = "127.0.0.1", FirstPort = first, LastPort = last, QuarantineSeconds = 0 }, TimeProvider.System,
            NullLogger<MediaPlane>.Instance);
        rig._spool = EventSpool.Open(new EventOptions(rig._folder.Sub("events"), "worker-1"), TimeProvider.System, NullLogger.Instance);
        var services = new CallServices(
            new CallOptions("worker-1"), rig._spool, rig, rig, new TrunkLoad(), rig, rig._media, rig._clock, new CallSounds(new SoundOptions()),
            new SrtpPolicy(new SrtpOptions(), NullLogger.Instance), TimeProvider.System, Random.Shared, TestOutput.Factory.CreateLogger("call"), rig,
            new CallFeed(), rig._metrics, rig.Hooks);
        var limit = TimeSpan.FromMinutes(5);
        rig.Call = new Call(services, new CallPlan(
            WorkerClient.NewCallId(), WorkerRig.Domain, user, destination, CallDirection.Internal, CallerId: null, Prompt: false, limit, limit));
        _ = rig.Call.RunAsync(CallInput.Originate);
        return rig;
    }

    /// <summary>The next leg that the call rings.</summary>
    public async Task<PlayedLeg> RingsAsync() => await _rung.Reader.ReadAsync().AsTask().WaitAsync(Patience.Limit);

    /// <summary>Both answer.</summary>
    public async Task<(PlayedLeg User, PlayedLeg Far)> TalkAsync()
    {
        var user = await RingsAsync();
        user.Answers();
        var far = await RingsAsync();
        far.Answers();
        await SettleAsync();
        Assert.Equal(CallState.Connected, Call.Snapshot.State);
        return (user, far);
    }

    /// <summary>The user's side gives its place to somebody.</summary>
    public async Task<PlayedLeg> TransferAsync(string to)
    {
        var answer = await Call.OrderAsync(new CallOrder.Transfer(to, Leg: null, Drop: false, TimeSpan.FromMinutes(5)));
        Assert.Equal(OrderVerdict.Done, answer.Verdict);
        return await RingsAsync();
    }

    /// <summary>Waits until the call has taken everything that it was told before.</summary>
    public Task SettleAsync() => Call.OrderAsync(new CallOrder.Record(On: false)).WaitAsync(Patience.Limit);

    /// <summary>The sound of the two sides as they stand now.</summary>
    public async Task<(MediaLeg First, MediaLeg Second)> SoundAsync()
    {
        await Call.OrderAsync(new CallOrder.Record(On: true)).WaitAsync(Patience.Limit);
        return (_ends.First!.Leg, _ends.Second!.Leg);
    }

    /// <summary>The tags, one of each count, of an instrument of the sound's from now on.</summary>
    public IReadOnlyCollection<string> Count(string name)
    {
        var counted = new ConcurrentQueue<string>();
        _meters = new MeterListener();
        _meters.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Name == name && _media!.Metrics.Owns(instrument)) listening.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((_, _, tags, _) => counted.Enqueue((string)tags[0].Value!));
        _meters.Start();
        return counted;
    }

    public bool CanReach(string domain, string user) => true;

    public IReadOnlyList<Leg> ToDevices(
        ILegOwner owner, LegRole role, string domain, string user, Caller caller, LegOffer offer, int firstId, bool autoAnswer = false,
        IReadOnlyList<KeyValuePair<string, string>>? headers = null)
    {
        var isPhone = user == "102";
        return
        [
            new PlayedLeg(owner, Leg.IdOf(firstId), role, offer, leg => _rung.Writer.TryWrite(leg))
            {
                Device = isPhone ? "102-a" : BrowserDevice.Name,
                Browser = isPhone ? null : PlayedHooks.SessionOf(user),
            },
        ];
    }

    public Func<SipFlow?>? WayTo(DeviceOwner owner, SipFlow heardFrom) => null;

    public Leg ToTrunk(ILegOwner owner, TrunkAttempt attempt, TrunkCall call, LegOffer offer, int id, LegRole role = LegRole.Destination) =>
        throw new NotSupportedException();

    public SipLeg? Find(Replaces replaces) => null;

    public Leg Adopt(ILegOwner owner, LegRole role, GivenLeg given, LegOffer offer, int id) => throw new NotSupportedException();

    public bool IsUp(Trunk trunk, TrunkTarget server) => true;

    public void Report(Trunk trunk, TrunkTarget server, bool alive)
    {
    }

    public ValueTask<ICallRecording?> StartAsync(CallId call, string recordingId, CallParties parties, RecordedEnds ends)
    {
        _ends = ends;
        return new((ICallRecording?)null);
    }

    public async ValueTask DisposeAsync()
    {
        Call.Post(CallInput.Shutdown);
        await Call.Ended.WaitAsync(Patience.Limit);
        _meters?.Dispose();
        _clock.Dispose();
        _metrics.Dispose();
        await _media!.DisposeAsync();
        _spool!.Dispose();
        _folder.Dispose();
        _ports.Dispose();
    }
}
