using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace ClickToDial.TestKit.Phones;

/// <summary>The answer of a client to a digest challenge (RFC 7616 section 3.4), written apart from the product so that one checks the other.</summary>
internal static partial class DigestAnswer
{
    /// <returns>The value of the Authorization header, or null when no challenge is of that algorithm.</returns>
    public static string? To(IEnumerable<string> challenges, string algorithm, string user, string password, string method, string uri)
    {
        foreach (var challenge in challenges)
        {
            var fields = Fields().Matches(challenge)
                .ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Success ? m.Groups[2].Value : m.Groups[3].Value, StringComparer.OrdinalIgnoreCase);
            if (fields.GetValueOrDefault("algorithm", "MD5").Equals(algorithm, StringComparison.OrdinalIgnoreCase))
                return Answer(fields, algorithm, user, password, method, uri);
        }
        return null;
    }

    private static string Answer(
        Dictionary<string, string> fields, string algorithm, string user, string password, string method, string uri)
    {
        const string Count = "00000001";
        var (realm, nonce) = (fields["realm"], fields["nonce"]);
        var clientNonce = RandomNumberGenerator.GetHexString(16, lowercase: true);
        var account = Hash(algorithm, $"{user}:{realm}:{password}");
        var request = Hash(algorithm, $"{method}:{uri}");
        var hasQuality = fields.ContainsKey("qop");
        var response = hasQuality
            ? Hash(algorithm, $"{account}:{nonce}:{Count}:{clientNonce}:auth:{request}")
            : Hash(algorithm, $"{account}:{nonce}:{request}");
        var text = new StringBuilder()
            .Append($"Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", response=\"{response}\", algorithm={algorithm}");
        if (hasQuality) text.Append($", qop=auth, nc={Count}, cnonce=\"{clientNonce}\"");
        if (fields.TryGetValue("opaque", out var opaque)) text.Append($", opaque=\"{opaque}\"");
        return text.ToString();
    }

    private static string Hash(string algorithm, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
#pragma warning disable CA5351 // SIP digest still means MD5 for most phones (RFC 3261 section 22.4).
        return Convert.ToHexStringLower(algorithm == "MD5" ? MD5.HashData(bytes) : SHA256.HashData(bytes));
#pragma warning restore CA5351
    }

    [GeneratedRegex("""([a-zA-Z]+)=(?:"([^"]*)"|([^",\s]+))""", RegexOptions.NonBacktracking)]
    private static partial Regex Fields();
}
