using ClickToDial.Calls.Directory;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Calls.RemoteControl;

/// <summary>A call as one of its users sees it.</summary>
internal sealed record UserCall(CallSnapshot Call, string User)
{
    /// <summary>The same call as each user of the domain sees it whom it is about.</summary>
    public static IEnumerable<UserCall> Of(CallSnapshot call) =>
        call.Call.Direction == CallDirection.Internal && call.Call.Destination != call.Call.User
            ? [new UserCall(call, call.Call.User), new UserCall(call, call.Call.Destination)]
            : [new UserCall(call, call.Call.User)];

    /// <summary>The user is called, though who called asked for something else and is not to learn it.</summary>
    public bool IsCalledInPlace => IsDestination && Call.Call.Asked is not null;

    /// <summary>The user is called by another of the domain, or from outside.</summary>
    public bool IsIncoming => Call.Call.Direction == CallDirection.Inbound || IsDestination;

    /// <summary>By role, for commands: who stands there now.</summary>
    public LegRole Role => IsDestination ? LegRole.Destination : LegRole.User;

    /// <summary>The user has given the call to another: who stands in the user's place came by a transfer, and is no device of the user's.</summary>
    public bool IsGivenAway(CallDirectory? directory) =>
        (Call.Legs ?? []).Where(leg => leg.Role == Role && leg.AnsweredAt is not null).MaxBy(leg => leg.AnsweredAt) switch
        {
            null => false,
            { EndedAt: not null, Reason: CallReasons.Transferred } => true,
            var leg => leg.Replaces is not null && (leg.Device is null || directory?.FindDevice(Call.Call.Domain, leg.Device)?.User.Name != User),
        };

    public bool IsConnected => Call.State == CallState.Connected;

    public string From => Call.Call.Direction == CallDirection.Inbound ? Call.Call.CallerId ?? "anonymous" : Call.Call.User;

    /// <summary>To who called, what was asked for: another that is called for it is not told.</summary>
    public string To => Call.Call.Direction == CallDirection.Inbound ? Call.Call.User
        : IsDestination ? Call.Call.Destination : Call.Call.Asked ?? Call.Call.Destination;

    public bool IsHolding => Call.Talk?.HeldBy.Any(id => RoleOf(id) == Role) == true;

    public bool IsHeld => Call.Talk?.HeldBy.Any(id => RoleOf(id) != Role) == true;

    /// <summary>In the words of older pages, which know more states than newer ones.</summary>
    public string WordOfOld => Call.State switch
    {
        CallState.Connected => IsHolding ? "holding" : IsHeld ? "onhold" : "connected",
        CallState.RingingDestination when !IsIncoming => "ringback",
        _ => "alerting",
    };

    /// <summary>Accounts of the user's that ring or talk.</summary>
    public IEnumerable<string> Devices =>
        (Call.Legs ?? []).Where(leg => leg is { Role: var role, EndedAt: null, Device: not null } && role == Role).Select(leg => leg.Device!).Distinct();

    /// <summary>Null when the number belongs to nobody here.</summary>
    public static string? NameOf(CallDirectory? directory, string domain, string number) =>
        (directory?.FindUser(domain, number) ?? directory?.FindUserByNumber(domain, number))?.DisplayName;

    private bool IsDestination => Call.Call.Direction == CallDirection.Internal && Call.Call.User != User && Call.Call.Destination == User;

    private LegRole? RoleOf(string legId) => Call.Legs?.FirstOrDefault(leg => leg.LegId == legId)?.Role;
}
