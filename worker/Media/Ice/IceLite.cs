using System.Buffers.Binary;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Stun;

namespace ClickToDial.Media.Ice;

/// <summary>What came of a datagram that may be a check of connectivity.</summary>
internal enum IceVerdict
{
    /// <summary>No check of connectivity, or one that does not prove itself: it is not answered.</summary>
    Ignored,

    /// <summary>Answered by an error; it proves nothing.</summary>
    Refused,

    /// <summary>The peer proved that it is there; it consents to be sent to (RFC 7675 section 5).</summary>
    Checked,

    /// <summary>The same, and it chose this path.</summary>
    Nominated,
}

/// <summary>
/// The lite side of ICE (RFC 8445 sections 2.5 and 7.3): it answers checks and makes none, so the peer's candidates, mDNS names among
/// them, are of no interest to it. Pure: a datagram in, a verdict and an answer out.
/// </summary>
internal static class IceLite
{
    /// <summary>Octets that an answer takes at most.</summary>
    public const int MaxAnswer = 128;

    private const int Unknown = 420;
    private const int RoleConflict = 487;

    /// <param name="find">Gives the key of a fragment of ours by its number; empty when nobody has it.</param>
    /// <param name="answer">At least <see cref="MaxAnswer"/> octets.</param>
    /// <param name="fragment">Whose check it is; 0 when it is nobody's.</param>
    public static IceVerdict Answer<TKeys>(
        ReadOnlySpan<byte> datagram, in SocketName from, TKeys keys, Span<byte> answer, out int length, out ulong fragment)
        where TKeys : IIceKeys, allows ref struct
    {
        length = 0;
        fragment = 0;
        if (!StunMessage.TryRead(datagram, out var request) || request is not { Class: StunClass.Request, Method: StunMessage.Binding }) return IceVerdict.Ignored;
        if (!request.HasFingerprint() || !request.TryGet(StunAttributeType.UserName, out var userName)) return IceVerdict.Ignored;
        var id = IceCredentials.IdOf(userName);
        var key = keys.KeyOf(id);
        // RFC 8489 section 9.1.3 would answer 401; silence gives a scanner less, and a peer that is right never needs it.
        if (key.IsEmpty || !request.HasIntegrity(key)) return IceVerdict.Ignored;
        fragment = id;
        if (request.FirstUnknown() is { } unknown) return Refuse(request, key, Unknown, unknown, answer, out length);
        // RFC 8445 section 7.3.1.1: two lite sides cannot meet, so a peer that says "controlled" has the roles wrong.
        if (request.Has(StunAttributeType.IceControlled)) return Refuse(request, key, RoleConflict, null, answer, out length);

        var writer = new StunWriter(answer, StunClass.Success, StunMessage.Binding, request.TransactionId);
        Span<byte> address = stackalloc byte[16];
        writer.AddXorMappedAddress(address[..from.WriteAddress(address)], from.Port);
        length = Finish(ref writer, key);
        return request.Has(StunAttributeType.UseCandidate) ? IceVerdict.Nominated : IceVerdict.Checked;
    }

    /// <summary>What the peer gives the path of its check (RFC 8445 section 7.1.1); 0 when it says nothing.</summary>
    public static uint PriorityOf(ReadOnlySpan<byte> check) =>
        StunMessage.TryRead(check, out var request) && request.TryGet(StunAttributeType.Priority, out var value) && value.Length == sizeof(uint)
            ? BinaryPrimitives.ReadUInt32BigEndian(value)
            : 0;

    /// <summary>The fragment of who checks: the part of USERNAME behind the colon (RFC 8445 section 7.2.2). Empty when there is none.</summary>
    public static ReadOnlySpan<byte> SenderOf(ReadOnlySpan<byte> check) =>
        StunMessage.TryRead(check, out var request) && request.TryGet(StunAttributeType.UserName, out var name) && name.Length > IceCredentials.FragmentLength
            ? name[(IceCredentials.FragmentLength + 1)..]
            : default;

    /// <summary>What tells a check from every other: 64 of the 96 random bits of its transaction (RFC 8489 section 5).</summary>
    public static ulong TransactionOf(ReadOnlySpan<byte> check) =>
        StunMessage.TryRead(check, out var request) ? BinaryPrimitives.ReadUInt64BigEndian(request.TransactionId[4..]) : 0;

    private static IceVerdict Refuse(in StunMessage request, ReadOnlySpan<byte> key, int code, int? unknown, Span<byte> answer, out int length)
    {
        var writer = new StunWriter(answer, StunClass.Error, StunMessage.Binding, request.TransactionId);
        writer.AddError(code);
        if (unknown is { } type) writer.Add(StunAttributeType.UnknownAttributes, [(byte)(type >> 8), (byte)type]);
        length = Finish(ref writer, key);
        return IceVerdict.Refused;
    }

    private static int Finish(ref StunWriter writer, ReadOnlySpan<byte> key)
    {
        writer.AddIntegrity(key);
        writer.AddFingerprint();
        return writer.Written.Length;
    }
}

/// <summary>Who knows the passwords of the ICE sessions that share a port.</summary>
internal interface IIceKeys
{
    /// <summary>Empty when nobody has that fragment.</summary>
    ReadOnlySpan<byte> KeyOf(ulong fragment);
}
