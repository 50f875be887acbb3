using ClickToDial.Core.Actions.Chains;

namespace ClickToDial.App.Actions.Chains;

/// <param name="News">What is waited for, when it is there already.</param>
/// <param name="Fault">Why nothing can be waited for, for people; null when it can.</param>
public sealed record WatchedCall(CallNews? News, string? Fault);
