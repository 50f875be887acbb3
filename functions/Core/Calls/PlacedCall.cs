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
    bool Accepted = false)
{
    /// <summary>
    /// How long a command may be on its way to the worker. Whoever gives a call up waits longer than this after the last attempt, so
    /// that no command arrives after it. Above the longest wait for the worker's answer, with room for clocks that differ.
    /// </summary>
    public static readonly TimeSpan Transit = TimeSpan.FromSeconds(20);

    /// <summary>The command for an attempt begun at that time.</summary>
    public OriginateCommand Attempt(DateTimeOffset at) => Command with { NotAfter = at + Transit };
}
