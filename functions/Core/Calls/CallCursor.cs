using System.Buffers.Text;
using System.Text;

namespace ClickToDial.Core.Calls;

/// <summary>
/// The opaque form of a position in the call log. It holds no secret and gives no access: the domain always comes from the caller's
/// credentials, so a made-up cursor only skips calls.
/// </summary>
public static class CallCursor
{
    private const string Version = "1.";
    private const int MaxLength = 256;

    public static string Write(string position) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Version + position));

    public static bool TryRead(string cursor, out string position)
    {
        position = "";
        if (cursor.Length > MaxLength || StrictBase64Url.Decode(cursor) is not { } bytes) return false;
        var text = Encoding.UTF8.GetString(bytes);
        if (!text.StartsWith(Version, StringComparison.Ordinal)) return false;
        position = text[Version.Length..];
        return position.All(c => c is > ' ' and <= '~');
    }
}
