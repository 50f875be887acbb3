using System.Buffers;

namespace ClickToDial.Core.Access;

internal static class Alphabet
{
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Digits = "0123456789";

    public static readonly SearchValues<char> Id = SearchValues.Create(Lower + Digits);
    public static readonly SearchValues<char> Secret = SearchValues.Create(Lower + Upper + Digits);

    /// <summary>base64url without padding, RFC 4648 section 5.</summary>
    public static readonly SearchValues<char> Base64Url = SearchValues.Create(Lower + Upper + Digits + "-_");
}
