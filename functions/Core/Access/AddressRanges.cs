using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ClickToDial.Core.Access;

/// <summary>
/// A list of networks in CIDR notation (RFC 4632 section 3.1, RFC 4291 section 2.3), IPv4 and IPv6, or of single addresses. An IPv4
/// address that comes inside an IPv6 one (RFC 4291 section 2.5.5.2) counts as itself.
/// </summary>
public sealed class AddressRanges
{
    private readonly IPNetwork[] _networks;

    /// <exception cref="FormatException">A text is no network.</exception>
    public AddressRanges(IEnumerable<string> texts) =>
        _networks = [.. texts.Select(t => TryParse(t, out var network) ? network : throw new FormatException("An address range is not readable."))];

    public static AddressRanges None { get; } = new([]);

    public bool IsEmpty => _networks.Length == 0;

    /// <summary>Refuses shortened IPv4 addresses, zones, and networks with bits set beyond the prefix, which are mistyped more often than meant.</summary>
    public static bool TryParse(string? text, out IPNetwork network)
    {
        network = default;
        if (text is null || text.Length > 64) return false;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!TryAddress(slash < 0 ? text : text[..slash], out var address)) return false;
        var widest = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var length = widest;
        if (slash >= 0 && !TryLength(text.AsSpan(slash + 1), widest, out length)) return false;
        if (HasBitsBeyond(address.GetAddressBytes(), length)) return false;
        network = new IPNetwork(address, length);
        return true;
    }

    /// <summary>An address as it is usually written: four decimal numbers, or IPv6 without a zone.</summary>
    public static bool TryAddress(string text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Length is < 2 or > 45 || !IPAddress.TryParse(text, out var parsed)) return false;
        if (text.AsSpan().ContainsAny('%', '[', ' ')) return false;
        if (parsed.AddressFamily == AddressFamily.InterNetwork && parsed.ToString() != text) return false;
        address = Plain(parsed);
        return true;
    }

    /// <summary>IPv4 as IPv4, and IPv6 without its zone.</summary>
    public static IPAddress Plain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        return address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } ? new IPAddress(address.GetAddressBytes()) : address;
    }

    public bool Contains(IPAddress address)
    {
        var plain = Plain(address);
        return Array.Exists(_networks, n => n.Contains(plain));
    }

    private static bool TryLength(ReadOnlySpan<char> text, int widest, out int length) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out length) && length <= widest && (text.Length == 1 || text[0] != '0');

    private static bool HasBitsBeyond(ReadOnlySpan<byte> address, int length)
    {
        for (var bit = length; bit < address.Length * 8; bit++)
            if ((address[bit / 8] & (0x80 >> (bit % 8))) != 0) return true;
        return false;
    }
}
