using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ClickToDial.Media.Linux;

/// <summary>The families a socket can send to.</summary>
internal enum SocketReach : byte
{
    V4,
    V6,

    /// <summary>A socket of IPv6 that takes IPv4 addresses in their mapped form.</summary>
    Both,
}

/// <summary>Opens datagram sockets as bare descriptors, for one media thread to own.</summary>
internal static unsafe class UdpSocket
{
    // Half a second of 50 packets/s fits many times over; the default of 208 KiB is counted per socket and would be fine too.
    private const int BufferBytes = 128 * 1024;

    /// <summary>For a port that many legs share: a burst of all of them fits.</summary>
    public const int SharedBufferBytes = 4 * 1024 * 1024;

    /// <summary>What a socket that is bound to this address can send to.</summary>
    public static SocketReach ReachOf(IPAddress bound) =>
        bound.AddressFamily == AddressFamily.InterNetwork ? SocketReach.V4 : bound.Equals(IPAddress.IPv6Any) ? SocketReach.Both : SocketReach.V6;

    /// <summary>Octets that may wait to be read. The kernel grants no more than net.core.rmem_max, without a word.</summary>
    public static int ReceiveBufferOf(int socket)
    {
        var twice = 0;
        var length = (uint)sizeof(int);
        _ = Native.GetSocketOption(socket, Native.SolSocket, Native.SoReceiveBuffer, &twice, &length);
        return twice / 2; // It tells twice what it grants (socket(7)).
    }

    /// <summary>A bound, non-blocking socket, or -1 when the port is taken or the process is out of descriptors.</summary>
    public static int Open(IPAddress address, int port, int bufferBytes = BufferBytes)
    {
        var v6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        var socket = Native.Socket(v6 ? Native.AfInet6 : Native.AfInet, Native.SockDatagram | Native.SockNonBlock | Native.SockCloseOnExec, 0);
        if (socket < 0) return -1;
        var size = bufferBytes;
        _ = Native.SetSocketOption(socket, Native.SolSocket, Native.SoReceiveBuffer, &size, sizeof(int));
        if (ReachOf(address) == SocketReach.Both)
        {
            var off = 0;
            _ = Native.SetSocketOption(socket, Native.IpProtoV6, Native.V6Only, &off, sizeof(int));
        }
        var name = SocketName.From(address, port);
        if (Native.Bind(socket, &name, (uint)name.Length) == 0) return socket;
        var error = Marshal.GetLastPInvokeError();
        _ = Native.Close(socket);
        // Anything but "taken" is a wrong address: a fault of configuration that no other port cures.
        return error == Native.ErrorAddressInUse ? -1 : throw new IOException($"Cannot bind {address}:{port}: errno {error}.");
    }
}
