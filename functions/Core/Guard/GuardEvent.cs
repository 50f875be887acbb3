namespace ClickToDial.Core.Guard;

/// <summary>A cap that was reached, told once in its span however often it refuses.</summary>
/// <param name="User">Whose call was refused.</param>
/// <param name="Rule">The reason that the refusal was given.</param>
public sealed record GuardEvent(string Domain, string User, string Rule, DateTimeOffset At);
