using System.Text;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Access;

/// <summary>Name and password of <c>Authorization: Basic</c> (RFC 7617).</summary>
public static class BasicLogin
{
    private const string Prefix = "Basic ";
    private const int MaxLength = 512;

    /// <summary>Null when there are none, or they cannot be read.</summary>
    public static (string Account, string Password)? Read(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ } value] || value.Length > MaxLength || !value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return null;
        var bytes = new byte[MaxLength];
        if (!Convert.TryFromBase64String(value[Prefix.Length..].Trim(), bytes, out var length)) return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 1 ? null : (text[..colon], text[(colon + 1)..]);
    }
}
