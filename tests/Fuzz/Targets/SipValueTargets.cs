using System.Text;
using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;

namespace ClickToDial.Fuzz.Targets;

/// <summary>A URI that is read writes a text that reads as the same URI.</summary>
public sealed class SipUriTarget : IFuzzTarget
{
    public string Name => "sip-uri";

    public IEnumerable<string> Seeds =>
        ["sip:alice:pw@example.com:5060;transport=tcp;lr?Subject=a%20b&x=y", "sips:[2001:db8::1]:5061", "tel:+1-201-555-0123;phone-context=+1", "urn:service:sos", "sip:%61%00;a=b@h"];

    public IEnumerable<string> Words => SipWords.All;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!SipUri.TryParse(input, out var uri)) return;
        var text = uri.ToString();
        Promise.That(WireText.IsSafe(text), "a URI fits a line");
        Promise.That(SipUri.TryParse(text, out var again), "a URI that was written can be read");
        Promise.That(again.Equals(uri) && uri.Equals(again), "it is the same URI");
        Promise.That(again.GetHashCode() == uri.GetHashCode(), "equal URIs hash alike");
        Promise.That(again.ToString() == text, "it is written the same way");
        _ = (uri.User, uri.ForRequestLine(), uri.TryGetAddress(out _), uri.IsLooseRouter, uri.WithParameter("x", "y").WithoutParameter("x"));
    }
}

/// <summary>A Via that is read writes a text that reads as the same Via.</summary>
public sealed class SipViaTarget : IFuzzTarget
{
    public string Name => "sip-via";

    public IEnumerable<string> Seeds =>
        ["SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport;received=192.0.2.2", "SIP / 2.0 / TCP [::1] : 5060 ; branch = x , SIP/2.0/TLS h", "SIP/2.0/X h;a=\"b,c\""];

    public IEnumerable<string> Words => SipWords.All;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.ContainsAny("\r\n"u8)) return; // A line never has them by the time it gets here.
        if (!ViaParser.TryParseFirst(input, out var via, out var used)) return;
        Promise.That(used >= 0 && used <= input.Length, "what was used lies inside");
        var text = via.ToString();
        Promise.That(Via.TryParse(text, out var again), "a Via that was written can be read");
        Promise.That(again.ToString() == text && again.Branch == via.Branch && again.Rport == via.Rport, "it is the same Via");
    }
}

/// <summary>A name and address that is read writes a text that reads as the same.</summary>
public sealed class SipAddressTarget : IFuzzTarget
{
    public string Name => "sip-address";

    public IEnumerable<string> Seeds =>
        ["\"A \\\"q\\\" \\\\\" <sip:a@b;x=y>;tag=1;q=0.5", "Bob Smith <sips:b@[::1]>", "sip:a@b;tag=2", "<tel:+123>;a=\"b;c\";d"];

    public IEnumerable<string> Words => SipWords.All;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.ContainsAny("\r\n"u8)) return;
        if (!NameAddress.TryParse(input, out var address)) return;
        var text = address.ToString();
        Promise.That(WireText.IsSafe(text), "an address fits a line");
        Promise.That(NameAddress.TryParse(text, out var again), "an address that was written can be read");
        Promise.That(again.ToString() == text && again.DisplayName == address.DisplayName && again.Tag == address.Tag, "it is the same address");
    }
}

/// <summary>Challenges and credentials of strangers neither throw nor pass.</summary>
public sealed class SipAuthTarget : IFuzzTarget
{
    private static readonly DigestAuthenticator Server = new(new DigestOptions(), TimeProvider.System, new byte[32]);

    private static readonly DigestSecret Secret = DigestSecret.FromPassword("u", "r", "long-enough-not-to-be-guessed");

    public string Name => "sip-auth";

    public IEnumerable<string> Seeds =>
    [
        "Digest username=\"u\", realm=\"r\", nonce=\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\", uri=\"sip:h\", response=\"x\", qop=auth, nc=00000001, cnonce=\"c\"",
        "Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256, qop=\"auth,auth-int\", opaque=\"o\", stale=true",
    ];

    public IEnumerable<string> Words => SipWords.All;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!AuthHeader.TryParse(input, out _)) return;
        var text = ParameterParser.DecodeText(input);
        if (!WireText.IsSafe(text)) return;
        var request = new SipRequest(SipMethod.Register, SipUri.Parse("sip:h"));
        request.Headers.Add(HeaderName.Authorization, text);
        Promise.That(!Server.Verify(request, "r", proxy: false, _ => Secret).IsAccepted, "nobody gets in by chance");
        var challenge = new SipResponse(401);
        challenge.Headers.Add(HeaderName.WwwAuthenticate, text);
        var client = new DigestClient("u", "p", new Sip.Transactions.RandomTokens());
        if (!client.TryAuthorize(request.Clone(), challenge)) return;
        Promise.That(AuthHeader.TryParse(Encoding.UTF8.GetString("Digest a=b"u8), out _), "the parser keeps no state");
    }
}
