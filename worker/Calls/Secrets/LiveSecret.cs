using System.Security.Cryptography;
using System.Text;

namespace ClickToDial.Calls.Secrets;

/// <summary>
/// A secret of two parts, which may be replaced while calls run. The first value is shown to others; any of them is taken from others, so
/// that it does not matter which part learns of a new one first. Thread-safe.
/// </summary>
public sealed class LiveSecret
{
    private volatile Values _values;

    /// <param name="values">The one to show first.</param>
    public LiveSecret(params IReadOnlyList<string> values) => _values = new Values(values);

    /// <summary>What is shown now.</summary>
    public string Current => _values.Texts[0];

    public static implicit operator LiveSecret(string value) => FromString(value);

    public static LiveSecret FromString(string value) => new(value);

    /// <returns>False when they are those there were.</returns>
    public bool Replace(IReadOnlyList<string> values)
    {
        if (_values.Texts.SequenceEqual(values, StringComparer.Ordinal)) return false;
        _values = new Values(values);
        return true;
    }

    // Hashes of equal length are compared, and all of them, so that neither length nor place shows in the time taken.
    public bool Accepts(ReadOnlySpan<char> presented)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented.ToArray()), hash);
        var isOne = false;
        foreach (var known in _values.Hashes) isOne |= CryptographicOperations.FixedTimeEquals(hash, known);
        return isOne;
    }

    private sealed class Values(IReadOnlyList<string> texts)
    {
        public IReadOnlyList<string> Texts { get; } = texts.Count > 0 ? [.. texts] : throw new ArgumentException("A secret has at least one value.", nameof(texts));

        public byte[][] Hashes { get; } = [.. texts.Select(text => SHA256.HashData(Encoding.UTF8.GetBytes(text)))];
    }
}
