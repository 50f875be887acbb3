using ClickToDial.Calls.Control;
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

    /// <summary>An order of the control API.</summary>
    internal sealed record Ordered(CallOrder Order) : CallRequest
    {
        private readonly TaskCompletionSource<OrderAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<OrderAnswer> Answer => _answer.Task;

        public void Reply(OrderAnswer answer) => _answer.TrySetResult(answer);

        public override void Refuse() => Reply(new OrderAnswer(OrderVerdict.Ended));
    }
}
