using System.Security.Cryptography;
using System.Text;

namespace ClickToDial.Core.Directory;

/// <summary>H(username:realm:password) in lower-case hex (RFC 7616 section 3.4.2).</summary>
public static class DigestHash
{
#pragma warning disable CA5351 // RFC 3261 section 22.4: most phones know MD5 only; SHA-256 is kept beside it and offered first.
    public static string Md5(string userName, string realm, string password) =>
        Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes($"{userName}:{realm}:{password}")));
#pragma warning restore CA5351

    public static string Sha256(string userName, string realm, string password) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{userName}:{realm}:{password}")));
}
