using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ClickToDial.Media.Linux;

/// <summary>A socket address as the kernel writes it: sockaddr_in or sockaddr_in6, zero beyond its length. A value, so packets carry it without allocation.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal struct SocketName
{
    public const int MaxLength = 28;
    private const ushort FamilyV4 = 2;
    private const ushort FamilyV6 = 10;

    // RFC 4291 section 2.5.5.2
    private static ReadOnlySpan<byte> MappedPrefix => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF];

    // family(2) port(2, network order) and, for IPv4, the address(4); for IPv6 the flow label(4)
    private ulong _head;
    private ulong _middle;
    private ulong _tail;
    private uint _scope;

    public static SocketName From(IPAddress address, int port)
    {
        var name = default(SocketName);
        var bytes = MemoryMarshal.AsBytes(new Span<SocketName>(ref name));
        BitConverter.TryWriteBytes(bytes, address.AddressFamily == AddressFamily.InterNetwork ? FamilyV4 : FamilyV6);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)port);
        address.TryWriteBytes(bytes[(address.AddressFamily == AddressFamily.InterNetwork ? 4 : 8)..], out _);
        if (address.AddressFamily == AddressFamily.InterNetworkV6) name._scope = (uint)address.ScopeId;
        return name;
    }

    /// <summary>Copies what the kernel wrote.</summary>
    public static unsafe SocketName Read(byte* source)
    {
        var name = default(SocketName);
        name._head = *(ulong*)source;
        if ((ushort)name._head == FamilyV4) return name;
        name._middle = *(ulong*)(source + 8);
        name._tail = *(ulong*)(source + 16);
        name._scope = *(uint*)(source + 24);
        return name;
    }

    public readonly bool IsV4 => (ushort)_head == FamilyV4;

    public readonly int Length => IsV4 ? 16 : MaxLength;

    public readonly int Port => BinaryPrimitives.ReverseEndianness((ushort)(_head >> 16));

    public readonly IPAddress Address
    {
        get
        {
            var copy = this;
            var bytes = MemoryMarshal.AsBytes(new Span<SocketName>(ref copy));
            return IsV4 ? new IPAddress(bytes.Slice(4, 4)) : new IPAddress(bytes.Slice(8, 16), _scope);
        }
    }

    /// <summary>Writes the address alone, in network order, and returns how many octets it has; one of IPv4 has 4, mapped or not.</summary>
    public readonly int WriteAddress(Span<byte> destination)
    {
        var copy = this;
        var bytes = MemoryMarshal.AsBytes(new Span<SocketName>(ref copy));
        var address = IsV4 ? bytes.Slice(4, 4) : bytes.Slice(8, 16);
        if (!IsV4 && address[..12].SequenceEqual(MappedPrefix)) address = address[12..];
        address.CopyTo(destination);
        return address.Length;
    }

    /// <summary>Goes with <see cref="SameAs"/>.</summary>
    public readonly int Hash => IsV4 ? _head.GetHashCode() : HashCode.Combine((uint)_head, _middle, _tail);

    /// <summary>For people: an IPv4 address that a socket of both families tells in its mapped form is one.</summary>
    public readonly IPEndPoint ToEndPoint() => Address is { IsIPv4MappedToIPv6: true } mapped ? new(mapped.MapToIPv4(), Port) : new(Address, Port);

    /// <summary>Same address and port; flow label and scope are not identity.</summary>
    public readonly bool SameAs(in SocketName other) => IsV4
        ? _head == other._head
        : (uint)_head == (uint)other._head && _middle == other._middle && _tail == other._tail;

    /// <summary>Same address, whatever the port.</summary>
    public readonly bool SameHost(in SocketName other) => IsV4
        ? other.IsV4 && _head >> 32 == other._head >> 32
        : !other.IsV4 && _middle == other._middle && _tail == other._tail;

    public override readonly string ToString() => ToEndPoint().ToString();
}

/// <summary>Addresses as keys of a table.</summary>
internal sealed class SocketNames : IEqualityComparer<SocketName>
{
    public static SocketNames Comparer { get; } = new();

    public bool Equals(SocketName x, SocketName y) => x.SameAs(y);

    public int GetHashCode(SocketName name) => name.Hash;
}
