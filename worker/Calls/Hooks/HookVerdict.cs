namespace ClickToDial.Calls.Hooks;

/// <summary>What becomes of an act whose hook failed: the failure table of the protocol.</summary>
/// <param name="GoesOn">It happens all the same.</param>
/// <param name="TellsClient">The browser is told: in the matching event, or in an ErrorEvent.</param>
/// <param name="Caller">SIP status for the caller of a call from outside, or null.</param>
internal sealed record HookVerdict(bool GoesOn, bool TellsClient, int? Caller = null)
{
    public static HookVerdict Of(HookKind kind, HookOnError onError) => (kind, onError) switch
    {
        // Whatever the rules say: who is not let in is not let in.
        (HookKind.Connect, _) => new HookVerdict(GoesOn: false, TellsClient: true),
        (HookKind.Direct, HookOnError.Fail) => new HookVerdict(GoesOn: false, TellsClient: true),
        (HookKind.Event, HookOnError.Fail) => new HookVerdict(GoesOn: true, TellsClient: true),
        (HookKind.Incoming, HookOnError.Fail) => new HookVerdict(GoesOn: false, TellsClient: true, Caller: 403),
        _ => new HookVerdict(GoesOn: true, TellsClient: false),
    };
}
