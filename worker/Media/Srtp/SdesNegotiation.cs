using System.Security.Cryptography;

namespace ClickToDial.Media.Srtp;

/// <summary>What two sides agreed on: our key protects what we send, theirs opens what they send. Owns both keys.</summary>
public sealed class SdesAgreement(SdesCrypto local, SdesCrypto remote) : IDisposable
{
    public SdesCrypto Local { get; } = local;

    public SdesCrypto Remote { get; } = remote;

    public SrtpProfile Profile => Local.Profile;

    /// <exception cref="DllNotFoundException">libsrtp2 is missing.</exception>
    public SrtpSession OpenSender() => SrtpSession.OpenSender(Local.Key, Local.KeyId, Local.Lifetime ?? ulong.MaxValue);

    /// <exception cref="DllNotFoundException">libsrtp2 is missing.</exception>
    public SrtpSession OpenReceiver() => SrtpSession.OpenReceiver(Remote.Key, Remote.KeyId, Remote.Lifetime ?? ulong.MaxValue);

    public void Dispose()
    {
        Local.Dispose();
        Remote.Dispose();
    }
}

/// <summary>
/// What we offered: one line per profile. Several branches of a forked call may each answer it, so every agreement gets its
/// own copy of the key and the offer keeps its lines until it is disposed.
/// </summary>
public sealed class SdesOffer : IDisposable
{
    private readonly SdesCrypto[] _lines;

    /// <param name="profiles">In order of preference; tags count from 1.</param>
    public SdesOffer(IReadOnlyList<SrtpProfile> profiles, RandomFill random)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        _lines = new SdesCrypto[profiles.Count];
        for (var i = 0; i < _lines.Length; i++) _lines[i] = new SdesCrypto(i + 1, SrtpKey.Generate(profiles[i], random));
    }

    /// <summary>Lines made before, which the offer owns from now on: for a session that goes on under them.</summary>
    internal SdesOffer(SdesCrypto[] lines) => _lines = lines;

    public IReadOnlyList<SdesCrypto> Lines => _lines;

    internal bool Holds(SdesCrypto line) => Array.Exists(_lines, line.IsSame);

    /// <summary>
    /// What an answer chose: exactly one line, with the tag and suite of one of ours and a key of its own (RFC 4568 section
    /// 7.1.2). Null when it is anything else.
    /// </summary>
    /// <param name="answered">Values of the a=crypto attributes of the media section.</param>
    public SdesAgreement? Accept(IEnumerable<string> answered)
    {
        ArgumentNullException.ThrowIfNull(answered);
        var lines = answered.Take(2).ToArray();
        if (lines.Length != 1 || SdesCrypto.TryRead(lines[0], out var remote) != SdesVerdict.Accepted || remote is null) return null;
        var chosen = Array.Find(_lines, line => line.Tag == remote.Tag && line.Profile == remote.Profile);
        if (chosen is not null && !IsSameKey(chosen, remote))
            return new SdesAgreement(chosen.Copy(), remote);
        remote.Dispose();
        return null;
    }

    public void Dispose()
    {
        foreach (var line in _lines) line.Dispose();
    }

    // Two directions under one key would share a keystream.
    private static bool IsSameKey(SdesCrypto local, SdesCrypto remote) =>
        CryptographicOperations.FixedTimeEquals(local.Key.KeyAndSalt, remote.Key.KeyAndSalt);
}

/// <summary>The answering side of RFC 4568 section 7.1.2. The key of an answer is fresh, and never the offerer's.</summary>
public static class SdesAnswer
{
    /// <summary>Lines of one media section that are looked at; the rest of a longer list is ignored.</summary>
    public const int MaxLines = 16;

    /// <summary>Takes the first line of an offer that we support, in the offerer's order; null when there is none.</summary>
    /// <param name="offered">Values of the a=crypto attributes of the media section.</param>
    public static SdesAgreement? Choose(IEnumerable<string> offered, IReadOnlyList<SrtpProfile> supported, RandomFill random)
    {
        ArgumentNullException.ThrowIfNull(offered);
        ArgumentNullException.ThrowIfNull(supported);
        foreach (var line in offered.Take(MaxLines))
        {
            if (SdesCrypto.TryRead(line, out var remote) != SdesVerdict.Accepted || remote is null) continue;
            if (supported.Contains(remote.Profile))
                return new SdesAgreement(new SdesCrypto(remote.Tag, SrtpKey.Generate(remote.Profile, random)), remote);
            remote.Dispose();
        }
        return null;
    }
}
