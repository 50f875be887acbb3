using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Directory;

namespace ClickToDial.Calls.Trunks;

/// <summary>A call that came in by a trunk.</summary>
/// <param name="Called">After the trunk's rules: an E.164 number with "+", or a name.</param>
/// <param name="Caller">After the trunk's rules; null for a caller who does not want to be known.</param>
/// <param name="Diversions">How often it was sent on before.</param>
public sealed record IncomingQuestion(Trunk Trunk, string Called, string? Caller, int Diversions);

/// <summary>Where a call from outside goes.</summary>
public abstract record IncomingAnswer
{
    private IncomingAnswer()
    {
    }

    /// <summary>To all devices of a user.</summary>
    public sealed record ToUser(string Domain, UserEntry User) : IncomingAnswer;

    /// <summary>On to a number outside, in the name and at the charge of a user.</summary>
    /// <param name="Call">Under which id it was let through; null for a new one.</param>
    public sealed record ToNumber(string Domain, UserEntry User, string Number, CallId? Call = null) : IncomingAnswer;

    /// <param name="Status">A final response, 400 to 699.</param>
    /// <param name="Rule">What refused it, by a fixed word; a label of a metric.</param>
    /// <param name="Announcement">Name of the sound that the caller may hear before the refusal; null for the one named by the rule.</param>
    public sealed record Refused(int Status, string Rule, string? Announcement = null) : IncomingAnswer;
}

/// <summary>Port: who says where a call from outside goes. Must answer within seconds; a failure refuses the call with 503.</summary>
public interface IIncomingRouting
{
    ValueTask<IncomingAnswer> RouteAsync(IncomingQuestion question, CancellationToken stop);
}
