using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;

namespace ClickToDial.Calls.Control;

/// <summary>Which calls are meant, where not all are.</summary>
/// <param name="Domain">Of this domain only.</param>
/// <param name="User">Of this user only: who has ordered or dialled the call, is called from outside, or is the destination within the domain.</param>
public sealed record CallFilter(string? Domain = null, string? User = null)
{
    public static CallFilter All { get; } = new();

    public bool Matches(CallSnapshot call) =>
        (Domain is null || Domain.Equals(call.Call.Domain, StringComparison.OrdinalIgnoreCase))
        && (User is null || User == call.Call.User || (call.Call.Direction == CallDirection.Internal && User == call.Call.Destination));
}
