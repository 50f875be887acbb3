using ClickToDial.Contracts.Calls;

namespace ClickToDial.Contracts.Events;

/// <param name="User">User name within the domain.</param>
/// <param name="Destination">E.164 number, user name or test number that is called.</param>
/// <param name="CallerId">What the destination is shown; null for the trunk's or user's default.</param>
/// <param name="StartedAt">When the worker took the call on.</param>
/// <param name="Asked">What a page asked for, where another destination is called for it, which it is never told; null where it is the same.</param>
public sealed record CallParties(
    string Domain,
    CallDirection Direction,
    string User,
    string Destination,
    DateTimeOffset StartedAt,
    string? CallerId = null,
    string? Asked = null);
