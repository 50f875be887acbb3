using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Access;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Sessions;

namespace ClickToDial.App.Calls;

/// <summary>
/// What a caller may see of a call. An API key sees all. Whoever holds a session token learns no names of our workers and trunks, no targets
/// of transfers and none of their devices, and no destination that the page did not ask for: in place of what it called by an alias, or what a back end put in the
/// place of what its token names, it sees the alias, or nothing.
/// </summary>
internal sealed class PageSight(Principal principal, DomainView domain)
{
    private readonly SessionClaims? _token = principal.Token;

    public CallView See(CallView call)
    {
        if (_token is null) return call;
        var shown = Destination(call.Direction, call.Destination, call.Asked);
        var legs = Legs(call.Legs, shown != call.Destination);
        return call with { Destination = shown, Asked = null, Trunk = null, Legs = legs, DevicesRung = Rung(call, legs) };
    }

    public CallSnapshot See(CallSnapshot call) => _token is null ? call : call with
    {
        Call = See(call.Call),
        Legs = call.Legs is null ? null : Legs(call.Legs, Hides(call.Call)),
        Talk = call.Talk is { Transfer: { } transfer } talk ? talk with { Transfer = transfer with { To = null } } : call.Talk,
    };

    public CallEvent See(CallEvent e) => _token is null ? e : e with
    {
        Call = See(e.Call),
        Worker = null,
        Leg = e.Leg is null ? null : See(e.Leg, Hides(e.Call)),
        Legs = e.Legs is null ? null : Legs(e.Legs, Hides(e.Call)),
        Transfer = e.Transfer is null ? null : e.Transfer with { To = null },
    };

    private CallParties See(CallParties call) => call with { Destination = Destination(call.Direction, call.Destination, call.Asked), Asked = null };

    private bool Hides(CallParties call) => Destination(call.Direction, call.Destination, call.Asked) != call.Destination;

    private string Destination(CallDirection direction, string destination, string? asked)
    {
        if (direction == CallDirection.Inbound || Covers(destination)) return destination;
        if (asked is not null && (_token!.Destinations is null || Covers(asked))) return asked;
        var aliases = domain.Aliases.Where(a => a.Value == destination).Select(a => a.Key).Order(StringComparer.Ordinal).ToList();
        var alias = aliases.FirstOrDefault(Covers) ?? (_token!.Destinations is null ? aliases.FirstOrDefault() : null);
        return alias ?? (_token!.Destinations is null ? destination : "");
    }

    private bool Covers(string destination) => _token!.Destinations?.Any(d => DestinationName.Covers(d, destination)) == true;

    private static IReadOnlyList<LegSummary> Legs(IReadOnlyList<LegSummary> legs, bool hidesDestination) =>
        [.. legs.Select(leg => See(leg, hidesDestination))];

    // Those of a transfer's target are among them, and which they are the legs tell, at the end. It is rung after the user has answered.
    private static IReadOnlyList<string> Rung(CallView call, IReadOnlyList<LegSummary> shown) =>
        shown.Count > 0 ? [.. call.DevicesRung.Where(device => shown.Any(leg => leg.Device == device))]
        : call.AnsweredDevice is { } answered ? [answered] : call.DevicesRung;

    // A device is its user by another name; who took another's place came by a transfer.
    private static LegSummary See(LegSummary leg, bool hidesDestination) => leg with
    {
        Trunk = null,
        Device = leg.Replaces is not null || (hidesDestination && leg.Role == LegRole.Destination) ? null : leg.Device,
    };
}
