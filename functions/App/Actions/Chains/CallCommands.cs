using System.Text.Json.Nodes;
using ClickToDial.App.Actions.Scripts;
using ClickToDial.App.Calls;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Core.Access;
using ClickToDial.Core.Actions;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Problems;

namespace ClickToDial.App.Actions.Chains;

/// <summary>
/// Actions about calls for an agent whose phone is elsewhere than in the browser. First it is decided which call is meant and what is
/// to be done with it, then that is done: a repeat does the same with the same call.
/// </summary>
public sealed class CallCommands(IWorkerClient worker, CallEnder ender, ScriptCalls calls)
{
    /// <exception cref="InvalidOperationException">The worker did not answer; to be tried again.</exception>
    public async Task<CallDone> FindAsync(CallWork work, CancellationToken stop)
    {
        var open = await worker.CallsOfAsync(work.Domain, work.User, stop) ?? throw new InvalidOperationException("The worker did not answer.");
        var newest = open.Where(call => call.State != CallState.Ended).OrderByDescending(call => call.Call.StartedAt);
        var call = work.Action switch
        {
            ActionName.AnswerCall => newest.FirstOrDefault(call => call.State == CallState.RingingUser),
            ActionName.ToggleMic => newest.FirstOrDefault(call => call.State == CallState.Connected),
            _ => newest.OrderByDescending(call => call.State == CallState.Connected).FirstOrDefault(),
        };
        if (call is null) return new CallDone(null, Fault: "The agent has no call that this could be done with.");
        return new CallDone(call.CallId.Value, work.Action switch
        {
            ActionName.AnswerCall => "answer",
            ActionName.ToggleMic => IsMuted(call) ? "unmute" : "mute",
            _ => null,
        });
    }

    /// <exception cref="InvalidOperationException">The worker did not answer; to be tried again.</exception>
    public async Task<CallDone> DoAsync(CallWork work, CancellationToken stop)
    {
        var caller = new ScriptCaller(work.Domain, work.User, work.ChainId, work.Key, work.Token);
        try
        {
            if (work.Action == ActionName.MakeCall) return new CallDone((await calls.MakeAsync(caller, [work.Dial], stop))!["id"]!.GetValue<string>());
            if (work.Order is null)
            {
                if (await ender.HangUpAsync(caller.Principal, work.CallId!, stop) is not { } problem) return new CallDone(work.CallId);
                return problem.Status == 503 ? throw new InvalidOperationException(problem.Reason) : new CallDone(work.CallId, Fault: problem.Title);
            }
            var (call, reason) = await worker.OrderAsync(CallId.Parse(work.CallId!), work.Order, work.Key, stop);
            if (call is null && reason is null) throw new InvalidOperationException("The worker did not answer.");
            return new CallDone(work.CallId, work.Order, reason is null ? null : $"The worker refused: {reason}.");
        }
        catch (ScriptRequestException e)
        {
            return new CallDone(work.CallId, Fault: e.Message);
        }
    }

    private static bool IsMuted(CallSnapshot call) =>
        call.Talk is { } talk && (call.Legs ?? []).Any(leg => leg is { Role: LegRole.User, AnsweredAt: not null, EndedAt: null } && talk.Muted.Contains(leg.LegId));
}
