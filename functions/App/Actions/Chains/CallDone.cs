namespace ClickToDial.App.Actions.Chains;

/// <param name="CallId">The call that is meant, or was made.</param>
/// <param name="Order">What is to be done with it; see <see cref="CallWork"/>.</param>
/// <param name="Fault">Why it is not done, for people; null when it is.</param>
public sealed record CallDone(string? CallId, string? Order = null, string? Fault = null);
