using ClickToDial.EmbeddedHost.Durable.History;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>A reason for a session to look up.</summary>
internal abstract record SessionInput;

/// <summary>A message that is stored in the inbox.</summary>
internal sealed record Arrived(Message Message) : SessionInput;

/// <summary>
/// A task of the running process has its answer. It is not stored before the step that takes it in: if that never comes, the
/// task is open still and runs again.
/// </summary>
internal sealed record Answered(string ExecutionId, DateTimeOffset At, HistoryEvent Answer) : SessionInput;

/// <summary>A timer may be due.</summary>
internal sealed record TimeCame : SessionInput;

/// <summary>Another process has put something into the inbox.</summary>
internal sealed record Knocked : SessionInput;
