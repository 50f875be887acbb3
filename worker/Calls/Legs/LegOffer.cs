using ClickToDial.Media.Srtp;

namespace ClickToDial.Calls.Legs;

/// <summary>One offer in as many forms as the peers it goes to need: the same ports and codecs, plain or with keys. Written when first asked for.</summary>
internal sealed class LegOffer(Func<SrtpUse, byte[]> write)
{
    private readonly byte[]?[] _written = new byte[]?[3];

    public byte[] For(SrtpUse use) => _written[(int)use] ??= write(use);
}
