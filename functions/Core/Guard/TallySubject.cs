using System.Net;
using ClickToDial.Core.Access;

namespace ClickToDial.Core.Guard;

/// <summary>Whose calls are counted, and how many there may be.</summary>
/// <param name="Row">Unique among the domain's subjects, and safe as a table key.</param>
public sealed record TallySubject(SubjectKind Kind, string Row, CallLimits Limits)
{
    // No user's name holds the separator of the others.
    public static TallySubject User(string user, CallLimits limits) => new(SubjectKind.User, user, limits);

    public static TallySubject Address(IPAddress address, CallLimits limits) => new(SubjectKind.Address, "a|" + ClientAddress.NetworkOf(address), limits);

    public static TallySubject PhoneAddress(IPAddress address, CallLimits limits) => new(SubjectKind.Address, "p|" + ClientAddress.NetworkOf(address), limits);

    public static TallySubject Destination(string number, CallLimits limits) => new(SubjectKind.Destination, "d|" + number, limits);
}
