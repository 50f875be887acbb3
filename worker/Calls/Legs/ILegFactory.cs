using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Calls;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Legs;

/// <summary>Who is shown as the caller.</summary>
/// <param name="User">User part of From: a number or a user name.</param>
/// <param name="IsPrivate">It is not to be shown outside of our trust domain.</param>
/// <param name="ReferredBy">Who sent the caller there (RFC 3892), told to devices; null for nobody.</param>
internal readonly record struct Caller(string User, string? DisplayName, bool IsPrivate = false, string? ReferredBy = null)
{
    /// <summary>What is shown of a caller who does not want to be shown (RFC 3323 section 4.1.1.3).</summary>
    public static Caller Anonymous { get; } = new("anonymous", "Anonymous", IsPrivate: true);

    /// <summary>What may be shown to people.</summary>
    public Caller Shown => IsPrivate ? Anonymous : this;

    public const string AnonymousHost = "anonymous.invalid";
}

/// <summary>A call on its way out by a trunk.</summary>
/// <param name="Domain">Whose call it is.</param>
/// <param name="Number">The destination, before the trunk's rules.</param>
/// <param name="Caller">After the trunk's policy for callers, before its rules.</param>
/// <param name="Diversions">How it came to be sent there.</param>
/// <param name="MaxForwards">Hops that are left to a call that came in from outside; null for one that begins here.</param>
internal sealed record TrunkCall(string Domain, string Number, Caller Caller, Diversions Diversions, int? MaxForwards = null)
{
    /// <summary>Added to the INVITE; null for none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Headers { get; init; }
}

/// <summary>Makes the legs of calls.</summary>
internal interface ILegFactory
{
    /// <summary>True when some device of the user is registered.</summary>
    bool CanReach(string domain, string user);

    /// <summary>One leg for each registered device of the user.</summary>
    /// <param name="firstId">Ids are numbered from here.</param>
    /// <param name="autoAnswer">The devices are asked to answer by themselves.</param>
    /// <param name="headers">Added to the INVITEs; null for none.</param>
    IReadOnlyList<Leg> ToDevices(
        ILegOwner owner, LegRole role, string domain, string user, Caller caller, LegOffer offer, int firstId, bool autoAnswer = false,
        IReadOnlyList<KeyValuePair<string, string>>? headers = null);

    /// <summary>
    /// Where the device that registered from this flow is registered from, whenever it is asked. Null when it has not registered
    /// from there.
    /// </summary>
    Func<SipFlow?>? WayTo(DeviceOwner owner, SipFlow heardFrom);

    /// <summary>The leg of one attempt, whose place it takes over.</summary>
    Leg ToTrunk(ILegOwner owner, TrunkAttempt attempt, TrunkCall call, LegOffer offer, int id, LegRole role = LegRole.Destination);

    /// <summary>The leg whose dialog is named; null when there is none.</summary>
    SipLeg? Find(Replaces replaces);

    /// <summary>A leg of another call, as one of this. It is asked to offer anew, which the caller has written.</summary>
    Leg Adopt(ILegOwner owner, LegRole role, GivenLeg given, LegOffer offer, int id);
}
