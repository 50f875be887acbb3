using System.Net;
using System.Net.Sockets;

namespace ClickToDial.Sip.Transport;

/// <summary>What counts as one source where peers are bounded by their address.</summary>
public static class SourceNetwork
{
    private const int OwnBytes = 8;

    /// <summary>An IPv4 address itself; of an IPv6 address the first 64 bits, as its owner has all the rest (RFC 6177).</summary>
    public static IPAddress Of(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork) return address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[OwnBytes..].Clear();
        return new IPAddress(bytes);
    }
}
