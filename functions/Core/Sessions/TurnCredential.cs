using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClickToDial.Core.Sessions;

/// <summary>
/// A name with an end of life in it, and its HMAC under the secret that the TURN server shares: the scheme of
/// draft-uberti-behave-turn-rest-00, which coturn calls <c>use-auth-secret</c>. The server asks nobody.
/// </summary>
public sealed record TurnCredential(string UserName, string Password, DateTimeOffset ExpiresAt)
{
    /// <param name="holder">Tells in the server's log whose it is; without a colon.</param>
    public static TurnCredential Make(string secret, string holder, DateTimeOffset expires)
    {
        var name = $"{expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}:{holder}";
#pragma warning disable CA5350 // What TURN servers verify.
        var mac = HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(name));
#pragma warning restore CA5350
        return new TurnCredential(name, Convert.ToBase64String(mac), DateTimeOffset.FromUnixTimeSeconds(expires.ToUnixTimeSeconds()));
    }
}
