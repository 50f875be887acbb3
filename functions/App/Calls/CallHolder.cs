using ClickToDial.Contracts.Control;
using ClickToDial.Core;
using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Problems;

namespace ClickToDial.App.Calls;

/// <summary>Puts the other side of a call on hold for its user, by the user's phone, and takes it back.</summary>
public sealed class CallHolder(CallReader reader, IWorkerClient worker, IRandomSource random)
{
    public async Task<Problem?> HoldAsync(Principal principal, string id, bool on, CancellationToken stop)
    {
        var found = await reader.FindAsync(principal, id, stop);
        if (!found.IsOk) return found.Problem;
        if (!found.Value.Row.IsOpen) return KnownProblems.CallStateWrong;
        // What is so already is done already: a repeat needs no id of the first try.
        Span<byte> mark = stackalloc byte[12];
        random.Fill(mark);
        var commandId = $"hold-{Convert.ToHexStringLower(mark)}";
        return await worker.OrderAsync(found.Value.Row.CallId, on ? "hold" : "resume", commandId, stop) switch
        {
            ({ }, _) => null,
            (_, WorkerProblemReasons.NotFound) => KnownProblems.CallNotFound,
            (_, null) => KnownProblems.WorkerUnavailable,
            _ => KnownProblems.CallStateWrong,
        };
    }
}
