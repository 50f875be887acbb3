using System.Net;
using System.Net.Sockets;
using ClickToDial.Media.Audio;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Recording;
using ClickToDial.Media.Sdp;
using ClickToDial.Media.Srtp;

namespace ClickToDial.Media.Plane;

/// <summary>
/// One end of a call in the media plane: an RTP and an RTCP port. Its methods only post to the shard that owns the ports, and
/// take effect in the order they were called; they may be called from any thread and after closing, when they do nothing.
/// </summary>
public sealed class MediaLeg : IAsyncDisposable
{
    private static long _numbers;
    private readonly MediaPlane _plane;
    private readonly SocketReach _reach;
    private readonly Lock _closing = new();
    private readonly Lock _placing = new();
    private readonly long _number = Interlocked.Increment(ref _numbers);
    private readonly ProtectionKeys _keys = new();
    private Task<LegStatistics>? _closed;
    private BrowserEnd? _browserEnd;
    private string? _peerFragment;

    internal MediaLeg(MediaPlane plane, Shard shard, int port, SocketReach reach, Action<MediaEvent>? onEvent, Func<MediaLeg, LegState> state)
    {
        _plane = plane;
        Shard = shard;
        LocalPort = port;
        _reach = reach;
        OnEvent = onEvent;
        State = state(this);
    }

    /// <summary>The RTP port to write into SDP; RTCP is the next one.</summary>
    public int LocalPort { get; }

    /// <summary>What was negotiated last, null before.</summary>
    public AudioAgreement? Agreement { get; private set; }

    /// <summary>False when neither law of G.711 was agreed: prompts and tones then cost a transcoder each, or cannot be heard at all.</summary>
    public bool CanPlay => Agreement?.Codecs.Any(codec => codec.Codec.IsG711) ?? false;

    /// <summary>What is played can be heard, in G.711 or in what it is transcoded to.</summary>
    public bool CanHear => CanPlay || (_plane.Transcodes && (Agreement?.Codecs.Any(codec => codec.Codec.CanTranscode) ?? false));

    /// <summary>False when the peer takes no telephone-event; keys must then go by signalling.</summary>
    public bool CanSendDigits => Agreement?.Codecs.Any(codec => codec.Codec.Kind == CodecKind.TelephoneEvent) ?? false;

    /// <summary>The shard that owns the ports, or will once it has received them.</summary>
    internal Shard Shard { get; private set; }

    internal LegState State { get; }

    /// <summary>Null once the leg is closed: the plane may keep the leg for some seconds, and must not keep its call with it.</summary>
    internal Action<MediaEvent>? OnEvent { get; private set; }

    /// <summary>
    /// Applies what offer and answer settled, at set-up and after every re-negotiation. When the address changed, the source
    /// is open again for the latching time.
    /// </summary>
    /// <param name="keys">What protects the stream; null for plain RTP. Copied, and wiped when the leg is closed.</param>
    /// <exception cref="DllNotFoundException">There are keys, and libsrtp2 is missing.</exception>
    public void SetRemote(AudioAgreement agreement, SdesAgreement? keys = null)
    {
        ProtectionChange protection;
        lock (_closing) protection = _keys.Next(_closed is null ? keys : null);
        Agreement = agreement;
        var codecs = new LegCodecs(agreement.Codecs);
        SocketName? remote = agreement.RemoteAddress is { } address && Reachable(address) is { } reachable
            ? SocketName.From(reachable, agreement.RemotePort)
            : null;
        Post(relay => relay.Negotiate(State, agreement, codecs, remote, protection));
    }

    /// <summary>
    /// What a browser is told of this leg; from now on it can be found at the port that browsers share. Null where there is none.
    /// </summary>
    /// <param name="peerFragment">The a=ice-ufrag of its offer; another one than in the offer before begins ICE anew. Null in an offer of ours.</param>
    public BrowserEnd? OpenToBrowser(string? peerFragment = null)
    {
        if (_plane.BrowserShard is not { } shard) return null;
        lock (_placing)
        {
            var isRestart = peerFragment is not null && _peerFragment is not null && peerFragment != _peerFragment;
            _peerFragment = peerFragment ?? _peerFragment;
            if (_browserEnd is not null && !isRestart) return _browserEnd;
            if (!ReferenceEquals(Shard, shard)) MoveTo(shard); // and stays there: the shared port is that shard's
            var credentials = Ice.IceCredentials.Create();
            Shard.Post(relay => relay.Run(State, _ => relay.OpenPath(State, credentials)));
            return _browserEnd = _plane.DescribeTo(credentials);
        }
    }

    /// <summary>As <see cref="SetRemote(AudioAgreement, SdesAgreement?)"/>, for a browser; <see cref="OpenToBrowser"/> comes before it.</summary>
    public void SetRemote(AudioAgreement agreement, BrowserPeer peer)
    {
        Agreement = agreement;
        lock (_placing) _peerFragment = peer.Fragment;
        var codecs = new LegCodecs(agreement.Codecs);
        Post(relay => relay.NegotiateBrowser(State, agreement, codecs, peer));
    }

    /// <summary>Lets go of the leg's browser, for another leg to take; null where there is none.</summary>
    public GivenPath? GivePath()
    {
        lock (_placing)
        {
            if (_browserEnd is not { } end) return null;
            var given = new GivenPath(end, _peerFragment, Shard);
            Shard.Post(relay => relay.Run(State, _ => relay.DetachPath(State, given)));
            _browserEnd = null;
            return given;
        }
    }

    /// <summary>Goes on with a browser that another leg has let go of; offers of this leg describe it from now on.</summary>
    public void TakePath(GivenPath given)
    {
        lock (_placing)
        {
            if (!ReferenceEquals(Shard, given.Shard)) MoveTo(given.Shard);
            (_browserEnd, _peerFragment) = (given.End, given.PeerFragment);
            Shard.Post(relay => relay.Run(State, _ => relay.AttachPath(State, given)));
        }
    }

    /// <summary>Plays a prompt; it takes the place of relayed sound while it lasts. Ends with <see cref="PromptFinished"/> unless looped.</summary>
    public void Play(Prompt prompt, bool loop = false) => Post(relay => relay.Play(State, prompt, loop));

    /// <summary>Plays a tone until something else is played or bridged.</summary>
    public void PlayTone(Tone tone) => Play(Prompt.FromTone("tone", tone), loop: true);

    public void StopPlaying() => Post(_ => Relay.StopPlaying(State));

    /// <summary>Joins two legs: each hears the other from now on; what either played or was joined to before ends.</summary>
    public void Bridge(MediaLeg other) => PostBeside(other, _ => Relay.Bridge(State, other.State));

    /// <summary>Lets this leg hear the other, which hears nothing of it: for sound before the answer. What this one plays goes on and covers it.</summary>
    public void Overhear(MediaLeg other) => PostBeside(other, _ => Relay.Overhear(State, other.State));

    /// <summary>Parts the leg from the one it is bridged to, or ends its echo; both stay open.</summary>
    public void Unbridge() => Post(_ => Relay.Detach(State));

    /// <summary>Sends everything that comes back to where it came from.</summary>
    public void Echo() => Post(_ => Relay.Echo(State));

    /// <summary>Sends keys by RFC 4733; characters other than 0-9, *, #, A-D are left out.</summary>
    /// <param name="pressMilliseconds">How long each key is held, 40 to 5000.</param>
    /// <param name="pauseMilliseconds">Between keys, 40 to 5000.</param>
    public void SendDigits(string digits, int pressMilliseconds = 100, int pauseMilliseconds = 80)
    {
        var keys = string.Concat(digits.Where(digit => Rtp.TelephoneEvent.FromDigit(digit) is not null));
        var press = Math.Clamp(pressMilliseconds, 40, 5000);
        var pause = Math.Clamp(pauseMilliseconds, 40, 5000);
        Post(relay => relay.SendDigits(State, keys, press, pause));
    }

    /// <summary>Sends a key that the peer of a bridged leg pressed by signalling, unless it pressed it with its sound as well.</summary>
    /// <param name="pressMilliseconds">How long it is held, 40 to 5000.</param>
    public void PassOnKey(MediaLeg from, char key, int pressMilliseconds)
    {
        if (Rtp.TelephoneEvent.FromDigit(key) is null) return;
        var press = Math.Clamp(pressMilliseconds, 40, 5000);
        PostBeside(from, relay => relay.PassOnKey(State, from.State, key, press, pauseMilliseconds: 80));
    }

    /// <summary>Writes what the peer says into one side of a recording, as it comes; null ends that.</summary>
    public void Record(CallRecording? recording, RecordingSide side) => Post(_ => (State.Recording, State.RecordingSide) = (recording, side));

    /// <summary>Asks for <see cref="MediaSilent"/> when nothing comes for that long; null ends the watch, as on hold.</summary>
    public void WatchSilence(TimeSpan? limit) => Post(relay => relay.WatchSilence(State, (long)(limit?.TotalNanoseconds ?? 0)));

    /// <summary>The figures so far; after closing, the last ones.</summary>
    public Task<LegStatistics> GetStatisticsAsync()
    {
        lock (_closing)
        {
            return _closed ?? Ask(relay => relay.Snapshot(State));
        }
    }

    /// <summary>Closes the ports, which then rest, and returns the last figures. Again returns the same.</summary>
    public Task<LegStatistics> CloseAsync()
    {
        lock (_closing)
        {
            _keys.Dispose();
            return _closed ??= CloseOnce();
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    // Under the lock, so that commands reach the shards in the order in which the leg moves between them.
    private bool Post(Action<Relay> command)
    {
        lock (_placing) return Shard.Post(relay => relay.Run(State, command));
    }

    // The other leg moves to this one's shard, should it be on another; the command follows it. Two legs are always locked in the same order.
    private void PostBeside(MediaLeg other, Action<Relay> command)
    {
        var (first, second) = _number < other._number ? (_placing, other._placing) : (other._placing, _placing);
        lock (first)
        {
            lock (second)
            {
                if (!ReferenceEquals(Shard, other.Shard))
                {
                    if (other._browserEnd is null) other.MoveTo(Shard);
                    else MoveTo(other.Shard);
                }
                Shard.Post(relay => relay.Run(State, _ => relay.Run(other.State, command)));
            }
        }
    }

    private void MoveTo(Shard target)
    {
        var source = Shard;
        var state = State;
        target.Post(relay => relay.Expect(state));
        source.Post(relay => relay.Run(state, _ => relay.Release(state, isOpen => Arrive(target, state, isOpen))));
        Shard = target;
        source.CountLeg(-1);
        target.CountLeg(1);
    }

    private static void Arrive(Shard target, LegState state, bool isOpen)
    {
        if (target.Post(relay => relay.Arrive(state, isOpen)) || !isOpen) return;
        _ = Native.Close(state.RtpSocket); // nobody is left to do it
        _ = Native.Close(state.RtcpSocket);
    }

    private async Task<LegStatistics> CloseOnce()
    {
        var statistics = await Ask(relay =>
        {
            var last = relay.Snapshot(State);
            relay.Remove(State);
            return last;
        });
        _plane.Closed(this, statistics);
        OnEvent = null;
        return statistics;
    }

    private async Task<T> Ask<T>(Func<Relay, T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var posted = Post(relay => answer.SetResult(question(relay)));
        if (posted) await Task.WhenAny(answer.Task, _plane.Completion); // a shard that ends leaves what came too late unanswered
        return posted && answer.Task.IsCompleted ? await answer.Task : throw new ObjectDisposedException(nameof(MediaPlane));
    }

    // A socket of one family cannot send to the other; a dual-stack one takes IPv4 in its mapped form.
    private IPAddress? Reachable(IPAddress address) => (_reach, address.IsIPv4MappedToIPv6 || address.AddressFamily == AddressFamily.InterNetwork) switch
    {
        (SocketReach.Both, _) => address.MapToIPv6(),
        (SocketReach.V4, true) => address.MapToIPv4(),
        (SocketReach.V6, false) => address,
        _ => null,
    };
}
