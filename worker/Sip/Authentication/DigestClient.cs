using System.Globalization;
using System.Text;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;

namespace ClickToDial.Sip.Authentication;

/// <summary>
/// Answers challenges with one account (RFC 3261 section 22, RFC 7616, RFC 8760). Keeps the last challenge to count its
/// nonce. One per call or registration; not thread-safe.
/// </summary>
public sealed class DigestClient(string userName, string password, ITokenSource tokens)
{
    private string? _countedNonce;
    private int _count;

    /// <summary>
    /// Puts credentials for every challenge of a 401 or 407 on a request that goes out again. False when there is nothing
    /// new to say: no challenge we understand, or the same credentials were just refused.
    /// </summary>
    public bool TryAuthorize(SipRequest request, SipResponse challenge)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(challenge);
        var answered = Answer(request, challenge, HeaderName.WwwAuthenticate, HeaderName.Authorization);
        return Answer(request, challenge, HeaderName.ProxyAuthenticate, HeaderName.ProxyAuthorization) || answered;
    }

    /// <summary>The credentials for one challenge, or null when it cannot be answered.</summary>
    public string? Credentials(AuthHeader challenge, SipMethod method, string uri)
    {
        ArgumentNullException.ThrowIfNull(challenge);
        if (!CanAnswer(challenge) || !DigestHash.TryParse(challenge["algorithm"], out var algorithm, out var session)) return null;
        var realm = challenge["realm"]!;
        var nonce = challenge["nonce"]!;
        var qop = OffersAuth(challenge["qop"]) ? "auth" : null;
        var cnonce = qop is null && !session ? null : tokens.Next();
        var count = Count(nonce).ToString("x8", CultureInfo.InvariantCulture);
        var ha1 = DigestHash.Ha1(algorithm, userName, realm, password);
        if (session) ha1 = DigestHash.SessionHa1(algorithm, ha1, nonce, cnonce!);
        var response = DigestHash.Response(algorithm, ha1, method.Name, uri, new DigestInput(nonce, qop, count, cnonce));
        return Format(challenge, uri, response, qop is null ? null : $", qop={qop}, nc={count}", cnonce);
    }

    private bool Answer(SipRequest request, SipResponse response, HeaderName challengeName, HeaderName credentialsName)
    {
        var old = request.Headers.GetAll(credentialsName);
        var fresh = new List<string>();
        foreach (var challenge in Strongest(response.Headers.GetAll(challengeName)))
        {
            if (WasRefused(old, challenge)) return false;
            if (Credentials(challenge, request.Method, request.Uri.ToString()) is { } value) fresh.Add(value);
        }
        if (fresh.Count == 0) return false;
        request.Headers.Remove(credentialsName);
        foreach (var value in fresh) request.Headers.Add(credentialsName, value);
        return true;
    }

    // RFC 8760 section 2.4: of several challenges of one realm the first one we can answer is taken; ours prefers SHA-256.
    private static List<AuthHeader> Strongest(List<string> texts)
    {
        var best = new List<AuthHeader>();
        foreach (var text in texts)
        {
            if (!AuthHeader.TryParse(text, out var challenge) || !CanAnswer(challenge)) continue;
            var index = best.FindIndex(c => c["realm"] == challenge["realm"]);
            if (index < 0) best.Add(challenge);
            else if (IsSha(challenge) && !IsSha(best[index])) best[index] = challenge;
        }
        return best;
    }

    // Wrong password: the peer refuses what we said to this realm and does not call the nonce stale.
    private static bool WasRefused(List<string> old, AuthHeader challenge)
    {
        if (string.Equals(challenge["stale"], "true", StringComparison.OrdinalIgnoreCase)) return false;
        foreach (var text in old)
            if (AuthHeader.TryParse(text, out var said) && said["realm"] == challenge["realm"]) return true;
        return false;
    }

    private static bool CanAnswer(AuthHeader challenge) =>
        challenge.IsDigest && challenge["realm"] is not null && challenge["nonce"] is not null
        && DigestHash.TryParse(challenge["algorithm"], out _, out _)
        && (challenge["qop"] is null || OffersAuth(challenge["qop"]));

    private static bool IsSha(AuthHeader challenge) =>
        DigestHash.TryParse(challenge["algorithm"], out var algorithm, out _) && algorithm == DigestAlgorithm.Sha256;

    private static bool OffersAuth(string? qop) =>
        qop is not null && Array.Exists(qop.Split(','), o => o.AsSpan().Trim().Equals("auth", StringComparison.OrdinalIgnoreCase));

    private int Count(string nonce)
    {
        _count = nonce == _countedNonce ? _count + 1 : 1;
        _countedNonce = nonce;
        return _count;
    }

    private string Format(AuthHeader challenge, string uri, string response, string? count, string? cnonce)
    {
        var text = new StringBuilder(320);
        text.Append("Digest username=").Append(WireText.Quote(userName))
            .Append(", realm=").Append(WireText.Quote(challenge["realm"]!))
            .Append(", nonce=").Append(WireText.Quote(challenge["nonce"]!))
            .Append(", uri=").Append(WireText.Quote(uri))
            .Append(", response=\"").Append(response).Append('"');
        if (challenge["algorithm"] is { } algorithm) text.Append(", algorithm=").Append(algorithm);
        if (cnonce is not null) text.Append(", cnonce=\"").Append(cnonce).Append('"');
        if (challenge["opaque"] is { } opaque) text.Append(", opaque=").Append(WireText.Quote(opaque));
        return text.Append(count).ToString();
    }
}
