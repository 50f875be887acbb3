using System.Globalization;
using System.Security.Cryptography;

namespace ClickToDial.Media.Srtp;

/// <summary>Why an a=crypto line cannot be used.</summary>
public enum SdesVerdict
{
    Accepted,

    /// <summary>Not what the grammar of RFC 4568 section 9.1 says, or longer than any honest line.</summary>
    Malformed,

    /// <summary>A suite this build does not have.</summary>
    UnknownSuite,

    /// <summary>The key's length is not that of the suite.</summary>
    WrongKeyLength,

    /// <summary>Several master keys, or a key id wider than 8 octets: allowed, and not done here.</summary>
    UnsupportedKeys,

    /// <summary>A session parameter that must be understood and is not, or that would switch protection off.</summary>
    UnsupportedParameter,
}

/// <summary>
/// One a=crypto attribute (RFC 4568): a choice of suite and the key its sender will protect with. Owns its key and wipes it
/// when disposed; never shows it.
/// </summary>
public sealed class SdesCrypto(int tag, SrtpKey key, MasterKeyId? keyId = null, ulong? lifetime = null) : IDisposable
{
    /// <summary>Longer values are refused unread.</summary>
    public const int MaxLength = 1024;

    /// <summary>1 to 9 digits; names the line in the answer.</summary>
    public int Tag { get; } = tag;

    public SrtpProfile Profile => Key.Profile;

    public SrtpKey Key { get; } = key;

    public MasterKeyId? KeyId { get; } = keyId;

    /// <summary>Packets the key may protect, null for the suite's own limit.</summary>
    public ulong? Lifetime { get; } = lifetime;

    /// <summary>Reads the value of an a=crypto attribute, which begins after the colon.</summary>
    /// <remarks>tag SP suite SP inline:base64[|lifetime][|MKI:length] *(SP session-parameter)</remarks>
    public static SdesVerdict TryRead(ReadOnlySpan<char> value, out SdesCrypto? crypto)
    {
        crypto = null;
        if (value.Length > MaxLength) return SdesVerdict.Malformed;
        value = value.Trim(' ');
        if (!TryNumber(NextWord(ref value), 9, out var tag)) return SdesVerdict.Malformed;
        var suite = NextWord(ref value);
        var keys = NextWord(ref value);
        if (!keys.StartsWith("inline:", StringComparison.OrdinalIgnoreCase)) return SdesVerdict.Malformed;
        if (SrtpProfiles.FromSuite(suite) is not { } profile) return SdesVerdict.UnknownSuite;
        if (keys.Contains(';')) return SdesVerdict.UnsupportedKeys;
        while (!value.IsEmpty)
        {
            if (!IsHarmless(NextWord(ref value))) return SdesVerdict.UnsupportedParameter;
        }
        return TryReadKey(keys["inline:".Length..], profile, (int)tag, out crypto);
    }

    /// <summary>Writes the value of the attribute, key included; false when the room does not suffice.</summary>
    public bool TryWrite(Span<char> destination, out int written)
    {
        written = 0;
        Span<char> base64 = stackalloc char[64];
        if (!Convert.TryToBase64Chars(Key.KeyAndSalt, base64, out var length)) return false;
        var head = destination.TryWrite(CultureInfo.InvariantCulture, $"{Tag} {Profile.Suite} inline:{base64[..length]}", out written);
        base64.Clear();
        if (!head) return false;
        var more = 0;
        if (Lifetime is { } packets && !destination[written..].TryWrite(CultureInfo.InvariantCulture, $"|{packets}", out more)) return false;
        written += more;
        more = 0;
        if (KeyId is { } id && !destination[written..].TryWrite(CultureInfo.InvariantCulture, $"|{id.Value}:{id.Length}", out more)) return false;
        written += more;
        return true;
    }

    /// <summary>The same line with a key of its own.</summary>
    public SdesCrypto Copy() => new(Tag, Key.Copy(), KeyId, Lifetime);

    /// <summary>True when tag, profile, key and key id are the same: then the cryptographic context goes on.</summary>
    public bool IsSame(SdesCrypto other) =>
        Tag == other.Tag && Profile == other.Profile && KeyId == other.KeyId && CryptographicOperations.FixedTimeEquals(Key.KeyAndSalt, other.Key.KeyAndSalt);

    /// <summary>Without the key.</summary>
    public override string ToString() => $"{Tag} {Profile.Suite} inline:***";

    public void Dispose() => Key.Dispose();

    private static SdesVerdict TryReadKey(ReadOnlySpan<char> text, SrtpProfile profile, int tag, out SdesCrypto? crypto)
    {
        crypto = null;
        var bar = text.IndexOf('|');
        var rest = bar < 0 ? default : text[(bar + 1)..];
        ulong? lifetime = null;
        MasterKeyId? keyId = null;
        while (bar >= 0)
        {
            bar = rest.IndexOf('|');
            var part = bar < 0 ? rest : rest[..bar];
            var verdict = part.Contains(':') ? ReadKeyId(part, ref keyId) : ReadLifetime(part, keyId is null, ref lifetime);
            if (verdict != SdesVerdict.Accepted) return verdict;
            if (bar >= 0) rest = rest[(bar + 1)..];
        }
        var end = text.IndexOf('|');
        var key = Decode(end < 0 ? text : text[..end], profile, out var result);
        if (key is not null) crypto = new SdesCrypto(tag, key, keyId, lifetime);
        return result;
    }

    private static SrtpKey? Decode(ReadOnlySpan<char> base64, SrtpProfile profile, out SdesVerdict verdict)
    {
        Span<char> padded = stackalloc char[132];
        Span<byte> octets = stackalloc byte[99];
        verdict = SdesVerdict.Malformed;
        if (base64.IsEmpty || base64.Length > padded.Length - 3) return null;
        base64.CopyTo(padded);
        var length = base64.Length;
        while (length % 4 != 0) padded[length++] = '='; // some senders leave the padding out
        SrtpKey? key = null;
        if (Convert.TryFromBase64Chars(padded[..length], octets, out var count))
        {
            key = SrtpKey.TryCreate(profile, octets[..count]);
            verdict = key is null ? SdesVerdict.WrongKeyLength : SdesVerdict.Accepted;
        }
        padded.Clear();
        CryptographicOperations.ZeroMemory(octets);
        return key;
    }

    // lifetime = ["2^"] 1*DIGIT; it stands before the key id.
    private static SdesVerdict ReadLifetime(ReadOnlySpan<char> text, bool mayCome, ref ulong? lifetime)
    {
        if (!mayCome || lifetime is not null) return SdesVerdict.Malformed;
        var isPower = text.StartsWith("2^", StringComparison.Ordinal);
        if (!TryNumber(isPower ? text[2..] : text, 18, out var number)) return SdesVerdict.Malformed;
        if (isPower && number > 48) return SdesVerdict.Malformed;
        lifetime = isPower ? 1UL << (int)number : number;
        return lifetime is 0 or > 1UL << 48 ? SdesVerdict.Malformed : SdesVerdict.Accepted; // RFC 4568 section 6.1
    }

    // MKI ":" length, both decimal; the length 1 to 128 octets.
    private static SdesVerdict ReadKeyId(ReadOnlySpan<char> text, ref MasterKeyId? keyId)
    {
        var colon = text.IndexOf(':');
        if (keyId is not null || !TryNumber(text[(colon + 1)..], 3, out var length) || length is 0 or > 128) return SdesVerdict.Malformed;
        if (length > MasterKeyId.MaxLength) return SdesVerdict.UnsupportedKeys;
        if (!TryNumber(text[..colon], 19, out var value)) return SdesVerdict.Malformed;
        if (length < 8 && value >> (8 * (int)length) != 0) return SdesVerdict.Malformed;
        keyId = new MasterKeyId(value, (int)length);
        return SdesVerdict.Accepted;
    }

    // RFC 4568 section 6.3: WSH is a hint, a leading "-" marks what may be ignored. The UNENCRYPTED and UNAUTHENTICATED ones
    // would weaken the stream, KDR and FEC change how it is protected.
    private static bool IsHarmless(ReadOnlySpan<char> parameter) =>
        parameter.IsEmpty || parameter[0] == '-' || parameter.StartsWith("WSH=", StringComparison.Ordinal);

    private static ReadOnlySpan<char> NextWord(ref ReadOnlySpan<char> text)
    {
        var space = text.IndexOf(' ');
        var word = space < 0 ? text : text[..space];
        text = space < 0 ? default : text[space..].TrimStart(' ');
        return word;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, int maxDigits, out ulong number)
    {
        number = 0;
        return text.Length <= maxDigits && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
