using System.Text.Json.Serialization;

namespace ClickToDial.EmbeddedHost.Durable.History;

/// <summary>Something for an instance, stored in its inbox until a step has taken it into history.</summary>
/// <param name="At">When it was sent; the order in which messages and timers are told.</param>
/// <param name="ForExecution">The only execution of the instance that it is meant for; any when null.</param>
internal sealed record Message(DateTimeOffset At, HistoryEvent Event, string? ForExecution = null)
{
    /// <summary>Rows that hold it; known once stored.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Rows { get; init; } = [];
}

/// <summary>A message to another instance that a step decided to send; stored with the step, sent after it.</summary>
/// <param name="Target">Instance id.</param>
/// <param name="Key">Key of the message in the target's inbox, so that sending twice stores once.</param>
internal sealed record OutgoingMessage(string Target, string Key, Message Message)
{
    [JsonIgnore]
    public IReadOnlyList<string> Rows { get; init; } = [];
}
