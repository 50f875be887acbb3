using ClickToDial.Calls.Control;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Legs;
using ClickToDial.Contracts.Calls;
using ClickToDial.Media.Plane;

namespace ClickToDial.Calls.Bridging;

/// <summary>One letter in a call's mailbox: an input of its own, or news of a leg, or of the media plane, or a request.</summary>
internal readonly record struct CallMessage(
    CallInput Input, CallOutcome? Why = null, Leg? Leg = null, LegNews? News = null, MediaEvent? Media = null, CallRequest? Request = null);

/// <summary>Something asked of a call by who waits for the answer; also a call that is over must answer.</summary>
internal abstract record CallRequest
{
    /// <summary>Answers that the call is over.</summary>
    public abstract void Refuse();

    /// <summary>The target of a transfer was rung long enough, or could not be rung at all.</summary>
    internal sealed record TargetFailed : CallRequest
    {
        public static TargetFailed Instance { get; } = new();

        public override void Refuse()
        {
        }
    }

    /// <summary>Another call of this domain wants the leg whose partner here leaves; then this call is over.</summary>
    /// <param name="Leaving">Who leaves, if it is known as a leg.</param>
    /// <param name="Name">Else by id or role.</param>
    internal sealed record GiveLeg(Call Asker, Transfer Transfer, Leg? Leaving, string? Name) : CallRequest
    {
        public override void Refuse() => Asker.Ask(TargetFailed.Instance);
    }

    /// <summary>The leg that another call has given. Who does not take it must end it.</summary>
    internal sealed record LegGiven(Transfer Transfer, GivenLeg Given) : CallRequest
    {
        public override void Refuse() => Given.End(new HangUpReason(503, CallReasons.Transferred));
    }

    /// <summary>It was decided whether a phone or browser may have the call go where it refers it to.</summary>
    internal sealed record ReferralDecided(Leg Leg, IReferral Referral, CallAnswer Answer) : CallRequest
    {
        public override void Refuse() => Referral.Refuse(481);
    }

    /// <summary>It was decided whether the call may go where a phone sends it on to.</summary>
    internal sealed record RedirectDecided(Leg Leg, Redirection Sent, CallAnswer Answer) : CallRequest
    {
        public override void Refuse()
        {
        }
    }

    /// <summary>It was decided whether a browser may do something.</summary>
    /// <param name="Late">Done instead when the call is over.</param>
    internal sealed record ActDecided(Func<ValueTask> Then, Action Late) : CallRequest
    {
        public override void Refuse() => Late();
    }

    /// <summary>A device calls to stand in the place of a leg (RFC 3891).</summary>
    /// <param name="EarlyOnly">It is not wanted any more once that leg was answered.</param>
    internal sealed record TakePlace(Leg Replaced, IncomingLeg Comer, bool EarlyOnly = false) : CallRequest
    {
        public override void Refuse() => Comer.End(481, new HangUpReason(481, CallReasons.Transferred));
    }

    /// <summary>An order of the control API.</summary>
    /// <param name="Other">The call that is to be joined with, if there is one.</param>
    internal sealed record Ordered(CallOrder Order, Call? Other = null) : CallRequest
    {
        private readonly TaskCompletionSource<OrderAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<OrderAnswer> Answer => _answer.Task;

        public void Reply(OrderAnswer answer) => _answer.TrySetResult(answer);

        public override void Refuse() => Reply(new OrderAnswer(OrderVerdict.Ended));
    }
}
