using System.Net.Sockets;
using ClickToDial.Media.Srtp;

namespace ClickToDial.Calls.Legs;

/// <summary>
/// One offer in as many forms as the peers it goes to need: the same ports and codecs, plain or with keys, and with the address of the
/// peer's family. Written when first asked for.
/// </summary>
internal sealed class LegOffer(Func<SrtpUse, LegDescription> write)
{
    private readonly LegDescription?[] _written = new LegDescription?[4];

    public LegDescription For(SrtpUse use) => _written[(int)use] ??= write(use);

    public byte[] For(SrtpUse use, AddressFamily family) => For(use).For(family);
}

/// <summary>A description with an address of each family that we have. Immutable, so that signalling may choose when it knows the next hop.</summary>
/// <param name="usual">For peers of which nothing is known.</param>
/// <param name="other">For those of the family that is not the usual one; null when we have one only.</param>
internal sealed class LegDescription(byte[] usual, AddressFamily usualFamily, byte[]? other)
{
    /// <summary>False when all peers get the same.</summary>
    public bool HasBoth => other is not null;

    public byte[] For(AddressFamily family) => other is null || family == usualFamily || family == AddressFamily.Unspecified ? usual : other;
}
