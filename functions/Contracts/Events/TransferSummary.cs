using ClickToDial.Contracts.Calls;

namespace ClickToDial.Contracts.Events;

/// <summary>What a transfer is about.</summary>
/// <param name="To">Who was to take the place: number, user name or test number; null when it came from another call.</param>
/// <param name="OtherCall">The call that the new end came from; on that call's own end, the call it went to.</param>
/// <param name="SipStatus">The final response that a failed one ended by, or null when there was none.</param>
/// <param name="Reason">Why a failed one failed, one of <see cref="CallReasons"/>.</param>
public sealed record TransferSummary(string? To = null, CallId? OtherCall = null, int? SipStatus = null, string? Reason = null);
