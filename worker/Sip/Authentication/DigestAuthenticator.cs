using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Authentication;

/// <summary>What the credentials of a request are worth.</summary>
public enum DigestOutcome
{
    /// <summary>Right, fresh, and never seen before.</summary>
    Accepted,

    /// <summary>None for this realm: challenge.</summary>
    Missing,

    /// <summary>Right, but the nonce is old, not ours, or its count was used: challenge with stale=true.</summary>
    Stale,

    /// <summary>Unknown account, wrong password, or a digest over another URI. The three look alike from outside.</summary>
    Wrong,

    /// <summary>
    /// The same as <see cref="Wrong"/>, but over a nonce that was never given to this address: the sender may have lied about
    /// where it is, so nothing may be held against the address. Challenge anew.
    /// </summary>
    Unproven,

    /// <summary>Unreadable, or in an algorithm that was not offered: 400 or a new challenge.</summary>
    Malformed,

    /// <summary>A quality of protection that was not offered, which leaves only <c>auth-int</c>: 400, and say so.</summary>
    UnknownQuality,
}

/// <param name="UserName">The account named in the credentials; only trustworthy with <see cref="DigestOutcome.Accepted"/>.</param>
public readonly record struct DigestVerdict(DigestOutcome Outcome, string? UserName)
{
    public bool IsAccepted => Outcome == DigestOutcome.Accepted;
}

/// <summary>H(user:realm:password) in both algorithms, lower-case hexadecimal. As good as a password: never logged.</summary>
public sealed record DigestSecret(string Ha1Md5, string Ha1Sha256)
{
    public static DigestSecret FromPassword(string user, string realm, string password) =>
        new(DigestHash.Ha1(DigestAlgorithm.Md5, user, realm, password), DigestHash.Ha1(DigestAlgorithm.Sha256, user, realm, password));

    public string For(DigestAlgorithm algorithm) => algorithm == DigestAlgorithm.Md5 ? Ha1Md5 : Ha1Sha256;

    public override string ToString() => "***";
}

/// <summary>Bounds of the server side of digest.</summary>
public sealed record DigestOptions
{
    /// <summary>A nonce is good for that long. Default 5 minutes.</summary>
    public TimeSpan NonceLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Nonces whose counts are remembered. Default 65536, some 20 MB at most.</summary>
    public int MaxNonces { get; init; } = 65_536;

    /// <summary>Offered in this order; RFC 8760 section 2.3 wants the strongest first.</summary>
    public IReadOnlyList<DigestAlgorithm> Algorithms { get; init; } = [DigestAlgorithm.Sha256, DigestAlgorithm.Md5];
}

/// <summary>
/// The server side of digest (RFC 3261 section 22, RFC 7616, RFC 8760). Nonces are stateless until used once; each pair of
/// nonce and nonce-count is accepted once. Thread-safe.
/// </summary>
public sealed class DigestAuthenticator
{
    private readonly DigestOptions _options;
    private readonly TimeProvider _time;
    private readonly NonceIssuer _nonces;
    private readonly NonceCounts _counts;

    /// <param name="key">Secret of this process, at least 32 random bytes.</param>
    public DigestAuthenticator(DigestOptions options, TimeProvider time, ReadOnlyMemory<byte> key)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, 32, nameof(key));
        _options = options;
        _time = time;
        _nonces = new NonceIssuer(time, key);
        _counts = new NonceCounts(options.MaxNonces);
    }

    /// <summary>Puts the challenges on a 401 (WWW-Authenticate) or 407 (Proxy-Authenticate).</summary>
    /// <param name="peer">The nonce is good for this address only; null for any.</param>
    public void Challenge(SipResponse response, string realm, bool stale = false, IPAddress? peer = null)
    {
        ArgumentNullException.ThrowIfNull(response);
        var name = response.Status == 407 ? HeaderName.ProxyAuthenticate : HeaderName.WwwAuthenticate;
        var nonce = _nonces.Issue(realm, peer);
        foreach (var algorithm in _options.Algorithms)
        {
            response.Headers.Add(name, string.Concat(
                $"Digest realm={WireText.Quote(realm)}, nonce=\"{nonce}\", algorithm={DigestHash.Name(algorithm)}, qop=\"auth\"",
                stale ? ", stale=true" : ""));
        }
    }

    /// <summary>
    /// Judges the credentials of a request for a realm. <paramref name="find"/> gives the secret of an account or null; it is
    /// asked once at most.
    /// </summary>
    /// <param name="peer">Where the request came from: what the challenge was given to.</param>
    public DigestVerdict Verify(SipRequest request, string realm, bool proxy, Func<string, DigestSecret?> find, IPAddress? peer = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(find);
        var found = Find(request, realm, proxy, out var malformed);
        if (found is null) return new(malformed ? DigestOutcome.Malformed : DigestOutcome.Missing, null);
        // RFC 3261 section 22.4: "auth" alone is offered, so that a body may be rewritten on its way.
        if (found["qop"] is { } quality && !quality.Equals("auth", StringComparison.OrdinalIgnoreCase)) return new(DigestOutcome.UnknownQuality, null);
        if (!Presented.TryRead(found, out var said) || !_options.Algorithms.Contains(said.Algorithm)) return new(DigestOutcome.Malformed, null);
        var outcome = Judge(request, realm, peer, said, find(said.UserName));
        return new(outcome, said.UserName);
    }

    // Nothing is remembered before the digest proved right: a stranger cannot fill or burn the table of counts.
    private DigestOutcome Judge(SipRequest request, string realm, IPAddress? peer, Presented said, DigestSecret? secret)
    {
        var ours = _nonces.TryRead(said.Nonce, realm, peer, out var issued);
        // An unknown account costs the same hashing as a known one.
        var ha1 = (secret ?? Nobody).For(said.Algorithm);
        var expected = DigestHash.Response(said.Algorithm, ha1, request.Method.Name, said.Uri, said.Input);
        var right = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(said.Response));
        if (!right || secret is null || !CoversTarget(said.Uri, request)) return ours ? DigestOutcome.Wrong : DigestOutcome.Unproven;
        var now = _time.GetUtcNow().UtcTicks;
        var oldest = now - _options.NonceLifetime.Ticks;
        if (!ours || issued < oldest || issued > now) return DigestOutcome.Stale;
        _counts.Expire(oldest);
        return _counts.TryUse(said.Nonce, issued, said.Count) ? DigestOutcome.Accepted : DigestOutcome.Stale;
    }

    private static DigestSecret Nobody { get; } = new(new string('0', 32), new string('0', 64));

    private static AuthHeader? Find(SipRequest request, string realm, bool proxy, out bool malformed)
    {
        malformed = false;
        foreach (var text in request.Headers.GetAll(proxy ? HeaderName.ProxyAuthorization : HeaderName.Authorization))
        {
            if (!AuthHeader.TryParse(text, out var header)) malformed = true;
            else if (header.IsDigest && string.Equals(header["realm"], realm, StringComparison.Ordinal)) return header;
        }
        return null;
    }

    // The digest covers its own uri parameter, not the request line: they must name the same user and host, or credentials
    // for one destination would pay for another. Parameters and ports are rewritten by too many routers to insist on.
    // A REGISTER always goes to the registrar itself, and its method is in the digest: there is no other destination to pay
    // for, and some devices name the registrar's address instead of its domain.
    private static bool CoversTarget(string text, SipRequest request) =>
        request.Method == SipMethod.Register || SameTarget(text, request.Uri);

    private static bool SameTarget(string text, SipUri target) =>
        SipUri.TryParse(text, out var said) && said.User == target.User
        && string.Equals(said.Host, target.Host, StringComparison.OrdinalIgnoreCase);

    private sealed record Presented(
        string UserName, string Nonce, string Uri, string Response, DigestAlgorithm Algorithm, uint Count, DigestInput Input)
    {
        public static bool TryRead(AuthHeader header, out Presented result)
        {
            result = null!;
            if (header["username"] is not { } user || header["nonce"] is not { } nonce) return false;
            if (header["uri"] is not { } uri || header["response"] is not { } response) return false;
            if (!DigestHash.TryParse(header["algorithm"], out var algorithm, out var session) || session) return false;
            var qop = header["qop"];
            uint count = 1; // Without qop there is no count: such a nonce is good for one request.
            if (qop is not null && (!TryCount(header["nc"], out count) || header["cnonce"] is null)) return false;
            var input = new DigestInput(nonce, qop, header["nc"], header["cnonce"]);
            result = new Presented(user, nonce, uri, response.ToLowerInvariant(), algorithm, count, input);
            return true;
        }

        private static bool TryCount(string? text, out uint count)
        {
            count = 0;
            return text is { Length: 8 } && uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out count) && count > 0;
        }
    }
}
