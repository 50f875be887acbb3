namespace ClickToDial.Core.Sessions;

/// <summary>How long a session token may live, in seconds.</summary>
public sealed record SessionLimits(int MinSeconds, int MaxSeconds, int DefaultSeconds);
