using System.Net;
using System.Text;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Directory;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;

namespace ClickToDial.Fuzz.Targets;

/// <summary>Any rule on any number ends, and makes nothing that is longer than numbers may be. Pattern, replacement and number are lines.</summary>
public sealed class NumberRulesTarget : IFuzzTarget
{
    public string Name => "number-rules";

    public IEnumerable<string> Seeds => ["0(\\d+)\n+49$1\n030123", "(1+)+2\n$1\n1111111111111111", "00\n+\n0049"];

    public IEnumerable<string> Words => ["(", ")", "+", "*", "{1,1000}", "\\d", "$1", "${a}", "$$", "[^", "]", "|", "\n", "(?:", "(?=", "\\1", "0", "+49"];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (Encoding.UTF8.GetString(input).Split('\n') is not [var pattern, var replace, var number, ..]) return;
        NumberRule[] each = [new NumberRule(Pattern: pattern, Replace: replace), new NumberRule(pattern, replace)];
        foreach (var rule in each)
        {
            var rules = new NumberRules([rule]);
            var changed = rules.Apply(number, NumberSide.Called);
            Promise.That(changed == number || changed.Length <= NumberRules.LongestNumber, "no rule makes endless numbers");
            Promise.That(NumberRules.IsValid(rule) || changed == number, "a rule that is refused changes nothing");
        }
    }
}

/// <summary>P-Asserted-Identity, Privacy and From of a stranger neither throw nor put control characters into what is shown.</summary>
public sealed class CallerIdentityTarget : IFuzzTarget
{
    public string Name => "caller-identity";

    public IEnumerable<string> Seeds =>
    [
        "\"Bo\" <sip:+49301234@carrier.example>, <tel:+49301234>\nid;critical", "<sip:anonymous@anonymous.invalid>\nnone", "sip:a@b\nuser;header;session", "tel:+1;x=\"\n;;",
    ];

    public IEnumerable<string> Words => [.. SipWords.All, "id", "none", "user", "header", "critical", "anonymous"];

    public void Run(ReadOnlySpan<byte> input)
    {
        var line = input.IndexOf((byte)'\n');
        if (line < 0) return;
        var asserted = ParameterParser.DecodeText(input[..line]);
        var privacy = ParameterParser.DecodeText(input[(line + 1)..]);
        if (!WireText.IsSafe(asserted) || !WireText.IsSafe(privacy)) return;
        var request = new SipRequest(SipMethod.Invite, SipUri.Parse("sip:h"));
        request.Headers.Add(HeaderName.From, "<sip:+123@h>;tag=1").Add(HeaderName.PAssertedIdentity, asserted).Add(HeaderName.Privacy, privacy);
        foreach (var trusted in new[] { true, false })
        {
            var identity = CallerIdentity.Of(request, trusted);
            Promise.That(identity.DisplayName is not { } name || (name.Length <= 64 && !name.Any(char.IsControl)), "a name can be shown");
            Promise.That(identity.User != "", "nobody is called by an empty name");
            Promise.That(trusted || identity.User == "+123", "who is not trusted says nothing of others");
            Promise.That(identity.IsPrivate || !CallerIdentity.WantsPrivacy(request.Headers), "who wants to be private is");
        }
    }
}

/// <summary>Diversion and History-Info headers of a stranger neither throw nor count for less than there are, and can be sent on.</summary>
public sealed class DiversionTarget : IFuzzTarget
{
    public string Name => "diversion";

    public IEnumerable<string> Seeds => ["<sip:+4930777@carrier.example>;reason=user-busy;counter=2, <tel:+1>;privacy=full", "sip:a@b;counter=99999999999", "<sip:+4930777@carrier.example?Reason=SIP%3Bcause%3D302>;index=1, <sip:+4930102@demo.local>;index=1.1;mp=1"];

    public IEnumerable<string> Words => [.. SipWords.All, ";counter=", ";reason=", ";privacy=off", ";index=1.1", ";mp=1", "?Reason=SIP%3Bcause%3D302"];

    public void Run(ReadOnlySpan<byte> input)
    {
        var text = ParameterParser.DecodeText(input);
        if (!WireText.IsSafe(text)) return;
        var diversions = Diversions.Of(new SipHeaders().Add(HeaderName.Diversion, text).Add(HeaderName.HistoryInfo, text));
        Promise.That(diversions.Count >= diversions.Values.Count, "each entry counts");
        var onward = diversions.With("+4930102", "demo.local");
        Promise.That(onward.Count == diversions.Count + 1, "one more is one more");
        foreach (var value in onward.Values)
            Promise.That(WireText.IsSafe(value.ToString()) && NameAddress.TryParse(value.ToString(), out _), "what is sent on can be read");
        foreach (var value in diversions.History.Onward("+4930102", "demo.local", SipUri.Parse("sip:+1@carrier.example")))
            Promise.That(WireText.IsSafe(value.ToString()) && NameAddress.TryParse(value.ToString(), out _), "what history is told can be read");
    }
}

/// <summary>Sources of trunks, as operators write them.</summary>
public sealed class AddressRangeTarget : IFuzzTarget
{
    public string Name => "address-range";

    public IEnumerable<string> Seeds => ["192.0.2.10", "192.0.2.10:5080", "[2001:db8::1]:5080", "192.0.2.0/24", "2001:db8::/32", "::ffff:192.0.2.1"];

    public IEnumerable<string> Words => ["/", ":", "[", "]", ".", "255", "0", "::", "%1", "/33", "/128"];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!AddressRange.TryParse(Encoding.UTF8.GetString(input), out var range)) return;
        Promise.That(range.Port is null or (> 0 and <= 65535), "a port is a port");
        _ = range.Contains(new IPEndPoint(IPAddress.Loopback, 5060)) || range.Contains(new IPEndPoint(IPAddress.IPv6Loopback, 5060));
    }
}
