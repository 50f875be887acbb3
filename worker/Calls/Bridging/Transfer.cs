using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Calls.Bridging;

/// <summary>A transfer under way. Owned by the call's loop.</summary>
/// <param name="transferor">Whose place is given away.</param>
internal sealed class Transfer(Side transferor)
{
    public Side Transferor => transferor;

    /// <summary>The leg whose place it is, also after it has hung up.</summary>
    public Leg Leg { get; } = transferor.Leg!;

    /// <summary>Who is rung: a number, a user or a test number.</summary>
    public string? To { get; init; }

    /// <summary>The call the target comes from.</summary>
    public CallId? OtherCall { get; set; }

    /// <summary>Who asked for it by SIP, and wants to know how it goes.</summary>
    public IReferral? Referral { get; init; }

    public TimeSpan RingTimeout { get; init; }

    /// <summary>The number shown to a target outside; null for what the call has.</summary>
    public string? CallerId { get; init; }

    /// <summary>The longest talk with the target; null where only the call's own limit counts.</summary>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>The legs that may take the place.</summary>
    public List<Leg> Targets { get; } = new(1);

    /// <summary>Their sound; null for a test number.</summary>
    public AudioEnd? Audio { get; set; }

    /// <summary>The servers that may be tried; null where it does not go out by trunks.</summary>
    public TrunkHunt? Hunt { get; set; }

    /// <summary>Whose sound before the answer was accepted; the first of several that ring.</summary>
    public Leg? Early { get; set; }

    /// <summary>Who has answered.</summary>
    public Leg? Winner { get; set; }

    public TransferSummary Summary(int? status = null, string? reason = null) => new(To, OtherCall, status, reason);

    public TransferDetails Details() => new(Leg.Id, To, OtherCall);
}
