using System.Net;

namespace ClickToDial.Core.Guard;

/// <summary>Whose calls are counted, and how many there may be.</summary>
/// <param name="Row">Unique among the domain's subjects, and safe as a table key.</param>
public sealed record TallySubject(SubjectKind Kind, string Row, CallLimits Limits)
{
    // No user's name holds the separator of the others.
    public static TallySubject User(string user, CallLimits limits) => new(SubjectKind.User, user, limits);

    public static TallySubject Address(IPAddress address, CallLimits limits) => new(SubjectKind.Address, "a|" + Network(address), limits);

    public static TallySubject Destination(string number, CallLimits limits) => new(SubjectKind.Destination, "d|" + number, limits);

    /// <summary>Whoever has an IPv6 address has the other 2^64 - 1 of its network too (RFC 6177).</summary>
    private static string Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4().ToString();
        var bytes = address.GetAddressBytes();
        if (bytes.Length == 4) return address.ToString();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes).ToString();
    }
}
