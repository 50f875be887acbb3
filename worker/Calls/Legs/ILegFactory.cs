using ClickToDial.Calls.Directory;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Directory;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Legs;

/// <summary>Who is shown as the caller.</summary>
/// <param name="User">User part of From: a number or a user name.</param>
internal readonly record struct Caller(string User, string? DisplayName);

/// <summary>Makes the legs of calls.</summary>
internal interface ILegFactory
{
    /// <summary>True when some device of the user is registered.</summary>
    bool CanReach(string domain, string user);

    /// <summary>One leg for each registered device of the user. Ids are numbered from <paramref name="firstId"/>.</summary>
    IReadOnlyList<Leg> ToDevices(ILegOwner owner, LegRole role, string domain, string user, Caller caller, byte[] offer, int firstId);

    /// <summary>
    /// Where the device that registered from this flow is registered from, whenever it is asked. Null when it has not registered
    /// from there.
    /// </summary>
    Func<SipFlow?>? WayTo(DeviceOwner owner, SipFlow heardFrom);

    Leg ToTrunk(ILegOwner owner, TrunkEntry trunk, string domain, string number, Caller caller, byte[] offer, int id);
}
