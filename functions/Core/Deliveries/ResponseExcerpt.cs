using System.Text;
using System.Text.Json;

namespace ClickToDial.Core.Deliveries;

/// <summary>How a subscriber's answer begins, fit to be shown: what we had sent it in confidence is blotted out, should it have echoed it.</summary>
public static class ResponseExcerpt
{
    /// <summary>Of an answer so many bytes are read at most. Much more than is shown: a secret cut by the end of the first is never in the second.</summary>
    public const int MaxRead = 8 * 1024;

    public const int MaxShown = 500;
    private const string Blot = "***";

    /// <param name="secrets">Each as it was sent.</param>
    /// <returns>Null for an empty answer.</returns>
    public static string? Of(ReadOnlySpan<byte> body, IEnumerable<string> secrets)
    {
        if (body.IsEmpty) return null;
        var text = Encoding.UTF8.GetString(body);
        foreach (var secret in secrets.SelectMany(Spellings).Distinct().OrderByDescending(s => s.Length)) text = text.Replace(secret, Blot, StringComparison.Ordinal);
        var shown = new StringBuilder(MaxShown);
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length + rune.Utf16SequenceLength > MaxShown) break;
            shown.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return shown.ToString();
    }

    /// <summary>Plain, and as it may stand in JSON or a URL.</summary>
    private static IEnumerable<string> Spellings(string secret) => secret.Length == 0 ? [] :
        [secret, JsonEncodedText.Encode(secret).ToString(), secret.Replace("/", "\\/", StringComparison.Ordinal), Uri.EscapeDataString(secret)];
}
