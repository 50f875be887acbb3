using System.Threading.Channels;
using ClickToDial.Calls.Legs;
using ClickToDial.Contracts.Calls;

namespace ClickToDial.Calls.Tests.Support;

/// <summary>A leg without signalling: the test says what its peer does, and sees what its call asks of it.</summary>
internal sealed class PlayedLeg(ILegOwner owner, string id, LegRole role, LegOffer offer, Action<PlayedLeg> started) : Leg(id, role)
{
    private readonly TaskCompletionSource<HangUpReason> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the call lets it go.</summary>
    public Task<HangUpReason> Ended => _ended.Task.WaitAsync(Patience.Limit);

    public bool WasEnded => _ended.Task.IsCompleted;

    public override void Start()
    {
        offer.For(Srtp);
        started(this);
    }

    public override void End(int status, HangUpReason reason) => _ended.TrySetResult(reason);

    /// <summary>Keys that it was sent by signalling.</summary>
    public Channel<char> Keys { get; } = Channel.CreateUnbounded<char>();

    public override void SendKey(char key, int milliseconds = InfoDigit.UsualMilliseconds) => Keys.Writer.TryWrite(key);

    public void Tells(LegNews news) => owner.Tell(this, news);

    public void Answers() => Tells(new LegNews.Answered(SipUa.Sdp("8")));

    public void HangsUp() => Tells(LegNews.HungUp.Instance);
}
