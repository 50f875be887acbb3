using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Hooks;

/// <summary>
/// Asks the functions about numbers that phones dial, so that the guard holds for them as for all others (B1): hours, and caps that count the
/// calls of all ways. The worker's own policy has been asked before; without functions to ask it is all there is.
/// </summary>
/// <param name="allowance">What goes on while the functions do not answer.</param>
internal sealed class PhoneGuard(HookServices hooks, PhoneAllowance allowance, ILogger<PhoneGuard> logger)
{
    // What older functions say, and those that hold another secret: nobody has looked at the number.
    private static readonly string[] Unasked = ["hook-unknown", "hook-signature-invalid"];

    /// <summary>Completes at once where nobody is asked.</summary>
    public async Task<CallAnswer> AskAsync(DialQuestion question)
    {
        if (hooks.Functions is not { } functions) return new CallAnswer.Accepted(question.Number);
        var (answer, failure) = await hooks.Client.AskAsync(functions, HookMethod.Dial, hooks.Bodies.Dial(question), CancellationToken.None);
        if (failure is null) return new CallAnswer.Accepted(question.Number, MaxDuration: HookJson.Seconds(answer!["maxDurationSeconds"]));
        if (IsRefusal(failure)) return new CallAnswer.Refused(failure.ToRefusal());
        if (!allowance.TryTake(question.Domain, question.User)) return new CallAnswer.Refused(new HookRefusal(503, "hook-failed"));
        HookClientLog.Unguarded(logger, question.Domain);
        return new CallAnswer.Accepted(question.Number);
    }

    // The guard gives its reason; a gateway in front of it, whatever status it has, gives none.
    private static bool IsRefusal(HookFailure failure) =>
        failure is { Trouble: HookTrouble.Refused, Status: >= 400 and < 500, Slug: { } slug } && !Unasked.Contains(slug);
}
