namespace ClickToDial.App.Guard;

/// <param name="Rule">The reason that the refused call was given, such as <c>user-daily-limit</c>.</param>
public sealed record GuardEventView(DateTimeOffset At, string User, string Rule);
