using System.Net;

namespace ClickToDial.Media.Sdp;

/// <summary>o= (RFC 8866 section 5.2). The version grows with every change the same session describes.</summary>
public sealed record SdpOrigin(string UserName, ulong SessionId, ulong SessionVersion, string Address)
{
    /// <summary>Address types are told from the address: a colon means IP6.</summary>
    public string AddressType => SdpConnection.TypeOf(Address);
}

/// <summary>c= (RFC 8866 section 5.7). A multicast suffix is dropped while reading; names stay names.</summary>
public sealed record SdpConnection(string Address)
{
    public string AddressType => TypeOf(Address);

    /// <summary>The literal address, or null when it is a name.</summary>
    public IPAddress? Literal => IPAddress.TryParse(Address, out var address) ? address : null;

    /// <summary>RFC 3264 section 8.4: the old way to say "hold".</summary>
    public bool IsUnspecified => Literal is { } address && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    internal static string TypeOf(string address) => address.Contains(':') ? "IP6" : "IP4";
}

/// <summary>a= line: a flag when <see cref="Value"/> is null (RFC 8866 section 5.13).</summary>
public sealed record SdpAttributeLine(string Name, string? Value = null);

/// <summary>
/// A session description (RFC 8866). What the worker decides by is typed; every other attribute is kept in order; the
/// informative lines (i=, u=, e=, p=, b=, t=, r=, z=, k=) are read over, and t=0 0 is written.
/// </summary>
public sealed record SessionDescription(
    SdpOrigin Origin,
    SdpConnection? Connection,
    IReadOnlyList<SdpAttributeLine> Attributes,
    IReadOnlyList<MediaDescription> Media,
    string SessionName = "-")
{
    public const string ContentType = "application/sdp";

    /// <summary>The direction at session level, which media lines without one inherit.</summary>
    public MediaDirection? Direction => MediaDirections.From(Attributes);

    /// <summary>Where the first stream of sound is to be sent; null when there is none, a name stands for it, or it is on hold by 0.0.0.0.</summary>
    public IPAddress? AudioAddress =>
        Media.FirstOrDefault(media => media is { Kind: "audio", Port: > 0 }) is { } audio && (audio.Connection ?? Connection) is { IsUnspecified: false } told
            ? told.Literal
            : null;

    /// <summary>The same with another address of ours, in a description that has one for all of its streams.</summary>
    public SessionDescription At(IPAddress address) =>
        this with { Origin = Origin with { Address = address.ToString() }, Connection = new SdpConnection(address.ToString()) };

    /// <summary>Reads a description; never throws, whatever the bytes are.</summary>
    public static SdpVerdict TryParse(ReadOnlySpan<byte> text, out SessionDescription? description, SdpLimits? limits = null) =>
        SdpReader.Read(text, limits ?? SdpLimits.Default, out description);

    /// <summary>The description as bytes, lines ended by CRLF.</summary>
    public byte[] ToBytes() => SdpWriter.Write(this);

    public override string ToString() => System.Text.Encoding.UTF8.GetString(ToBytes());
}
