using System.Buffers;
using System.Buffers.Text;
using ClickToDial.Core.Access;

namespace ClickToDial.Core;

/// <summary>
/// base64url without padding (RFC 7515 section 2), with one spelling per value. The platform's decoder skips white space, takes
/// padding, and its Try method throws on some input.
/// </summary>
internal static class StrictBase64Url
{
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length % 4 == 1 || text.ContainsAnyExcept(Alphabet.Base64Url)) return null;
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done) return null;
        return text.SequenceEqual(Base64Url.EncodeToString(bytes.AsSpan(0, written))) ? bytes[..written] : null;
    }
}
