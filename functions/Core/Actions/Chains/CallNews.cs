namespace ClickToDial.Core.Actions.Chains;

/// <summary>What a chain is told of the call that it waits for.</summary>
/// <param name="Event"><c>answered</c> or <c>ended</c>.</param>
/// <param name="Call">JSON of the call as the API shows it.</param>
public sealed record CallNews(string Event, string Call)
{
    public const string Answered = "answered";
    public const string Ended = "ended";

    /// <summary>Name of the event that a chain waits for.</summary>
    public static string EventOf(string callId) => $"call-{callId}";
}
