using System.Security.Cryptography;

namespace ClickToDial.Media.Srtp;

/// <summary>Fills a span with octets nobody can guess; <see cref="RandomNumberGenerator.Fill"/> outside tests.</summary>
public delegate void RandomFill(Span<byte> destination);

/// <summary>
/// A master key and its salt. The octets never move in memory, are wiped when the key is disposed, and do not appear in
/// <see cref="ToString"/>.
/// </summary>
public sealed class SrtpKey : IDisposable
{
    private readonly byte[] _octets;
    private bool _disposed;

    private SrtpKey(SrtpProfile profile)
    {
        Profile = profile;
        _octets = GC.AllocateUninitializedArray<byte>(profile.KeyAndSaltLength, pinned: true);
    }

    public SrtpProfile Profile { get; }

    /// <summary>Master key followed by master salt.</summary>
    /// <exception cref="ObjectDisposedException">The key has been wiped.</exception>
    public ReadOnlySpan<byte> KeyAndSalt
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _octets;
        }
    }

    internal ReadOnlyMemory<byte> Memory => _octets;

    public static SrtpKey Generate(SrtpProfile profile, RandomFill random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var key = new SrtpKey(profile);
        random(key._octets);
        return key;
    }

    /// <summary>Null when the length is not that of the profile.</summary>
    public static SrtpKey? TryCreate(SrtpProfile profile, ReadOnlySpan<byte> keyAndSalt)
    {
        if (keyAndSalt.Length != profile.KeyAndSaltLength) return null;
        var key = new SrtpKey(profile);
        keyAndSalt.CopyTo(key._octets);
        return key;
    }

    /// <summary>A key of the same octets with a life of its own.</summary>
    public SrtpKey Copy()
    {
        var copy = new SrtpKey(Profile);
        KeyAndSalt.CopyTo(copy._octets);
        return copy;
    }

    public override string ToString() => "***";

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_octets);
    }
}

/// <summary>Names the master key inside each packet (RFC 3711 section 3.1): a number written big-endian in so many octets.</summary>
public readonly record struct MasterKeyId(ulong Value, int Length)
{
    /// <summary>Octets a number of ours can fill.</summary>
    public const int MaxLength = 8;

    internal void Write(Span<byte> destination)
    {
        for (var i = 0; i < Length; i++) destination[i] = (byte)(Value >> (8 * (Length - 1 - i)));
    }
}
