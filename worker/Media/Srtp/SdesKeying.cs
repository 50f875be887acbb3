using System.Security.Cryptography;

namespace ClickToDial.Media.Srtp;

/// <summary>
/// The keys of one leg through all its offers and answers. A peer that repeats its key keeps its cryptographic context, rollover
/// counter included (RFC 4568 section 7.1.4); one that changes it is answered with a fresh key of ours. Used by one thread at a time.
/// </summary>
/// <param name="profiles">What we offer and take, preferred first.</param>
public sealed class SdesKeying(IReadOnlyList<SrtpProfile> profiles, RandomFill random) : IDisposable
{
    private SdesOffer? _offer;

    /// <summary>What holds now; null while the stream is plain.</summary>
    public SdesAgreement? Current { get; private set; }

    /// <summary>Values of the a=crypto attributes for an offer: the line that holds, or one for each profile where none does.</summary>
    public IReadOnlyList<string> Offer()
    {
        if (Current is { } current && _offer?.Holds(current.Local) != true)
        {
            _offer?.Dispose();
            _offer = new SdesOffer([current.Local.Copy()]);
        }
        _offer ??= new SdesOffer(profiles, random);
        return [.. _offer.Lines.Where(line => Current is null || line.IsSame(Current.Local)).Select(Text)];
    }

    /// <summary>
    /// The next offer has new keys, as it goes to somebody else: who was asked before and refused still knows the old ones. While a line
    /// holds it does nothing.
    /// </summary>
    public void Renew()
    {
        if (Current is not null) return;
        _offer?.Dispose();
        _offer = null;
    }

    /// <summary>Applies the answer to the last offer; false when it chose none of its lines.</summary>
    public bool Accept(IEnumerable<string> answered)
    {
        if (_offer?.Accept(answered) is not { } agreement) return false;
        Replace(agreement);
        return true;
    }

    /// <summary>Chooses from an offer, and tells the line to answer with; null when nothing in it can be used.</summary>
    public string? Answer(IEnumerable<string> offered)
    {
        if (SdesAnswer.Choose(offered, profiles, random) is not { } agreement) return null;
        if (Current is { } current && current.Remote.IsSame(agreement.Remote))
        {
            agreement.Dispose();
            return Text(current.Local);
        }
        Replace(agreement);
        return Text(agreement.Local);
    }

    /// <summary>The stream is plain from now on.</summary>
    public void Clear()
    {
        Current?.Dispose();
        Current = null;
    }

    public void Dispose()
    {
        Clear();
        _offer?.Dispose();
    }

    private void Replace(SdesAgreement agreement)
    {
        Current?.Dispose();
        Current = agreement;
    }

    private static string Text(SdesCrypto line)
    {
        Span<char> text = stackalloc char[SdesCrypto.MaxLength];
        var value = line.TryWrite(text, out var written) ? new string(text[..written]) : "";
        text.Clear();
        return value;
    }
}
