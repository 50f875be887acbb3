using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;

namespace ClickToDial.Core.Calls;

/// <summary>What was decided for an idempotency key, kept before anything is dialled.</summary>
/// <param name="Fingerprint">See <see cref="CallRequest.Fingerprint"/>.</param>
/// <param name="Command">Sent again word for word when the first try did not complete: the worker takes it for the same call.</param>
/// <param name="Accepted">The worker has taken the command.</param>
public sealed record PlacedCall(
    CallId CallId,
    string Fingerprint,
    OriginateCommand Command,
    DateTimeOffset RequestedAt,
    bool Accepted = false);
