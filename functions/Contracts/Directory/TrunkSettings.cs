using System.Text.Json.Serialization;

namespace ClickToDial.Contracts.Directory;

/// <summary>How a trunk behaves beyond its name, prefixes and address. Every member has a default.</summary>
/// <param name="Priority">Of trunks with equally long prefixes the lowest is tried first; 0 to 1000.</param>
/// <param name="Servers">Where calls go, instead of the trunk's address; empty for the address alone.</param>
/// <param name="Sources">
/// Where else than from its servers calls of the trunk come from: <c>192.0.2.10</c>, <c>192.0.2.10:5080</c>, <c>192.0.2.0/24</c>.
/// </param>
/// <param name="Registration">Given for a trunk that wants us to register; it needs user name and password.</param>
/// <param name="Health">How its servers are asked whether they live; null asks nobody.</param>
/// <param name="Codecs">Codecs it may use, preferred first, by their SDP names; empty for all that there are.</param>
/// <param name="Dtmf">How it takes key presses.</param>
/// <param name="MaxCalls">Calls at once, both ways together; null for no limit.</param>
/// <param name="InboundRules">What is made of numbers that come in; see <see cref="NumberRule"/>.</param>
/// <param name="OutboundRules">What is made of numbers that go out.</param>
/// <param name="CallerId">Whose number it is shown.</param>
/// <param name="CallerIds">Numbers it may be shown, or prefixes ending in <c>*</c>; for <see cref="TrunkCallerId.Allowed"/>.</param>
/// <param name="Trusted">
/// It belongs to our trust domain (RFC 3325): it is told who calls also where that is to be kept private, and believed in what
/// it says of callers.
/// </param>
/// <param name="AnswerSeconds">A server that has said nothing at all for so long is given up for the next; 1 to 32.</param>
/// <param name="TlsNames">
/// Names of which it proves one by its TLS certificate (RFC 5922) on every connection that its calls come by. Where any is
/// given, an address proves nothing any more.
/// </param>
public sealed record TrunkSettings(
    int Priority = 0,
    IReadOnlyList<TrunkServer>? Servers = null,
    IReadOnlyList<string>? Sources = null,
    TrunkRegistration? Registration = null,
    TrunkHealth? Health = null,
    IReadOnlyList<string>? Codecs = null,
    TrunkDtmf Dtmf = TrunkDtmf.Rfc4733,
    int? MaxCalls = null,
    IReadOnlyList<NumberRule>? InboundRules = null,
    IReadOnlyList<NumberRule>? OutboundRules = null,
    TrunkCallerId CallerId = TrunkCallerId.Call,
    IReadOnlyList<string>? CallerIds = null,
    bool Trusted = false,
    int AnswerSeconds = 5,
    IReadOnlyList<string>? TlsNames = null);

/// <param name="Address">SIP URI with the transport where it is not UDP: <c>sip:sbc1.example.net;transport=tcp</c>, <c>sips:sbc1.example.net</c>.</param>
/// <param name="Priority">The lowest is tried first; 0 to 1000.</param>
/// <param name="Weight">Share of calls among servers of one priority; 1 to 1000.</param>
public sealed record TrunkServer(string Address, int Priority = 0, int Weight = 1);

/// <param name="Domain">Domain of our account there, and what is registered at; null for the host of the trunk's address.</param>
/// <param name="ExpiresSeconds">How long a registration is asked for; 60 to 86400.</param>
public sealed record TrunkRegistration(string? Domain = null, int ExpiresSeconds = 600);

/// <summary>An OPTIONS to each server in turn (RFC 3261 section 11); any answer but 503 counts as a sign of life.</summary>
/// <param name="IntervalSeconds">5 to 3600.</param>
/// <param name="TimeoutSeconds">An answer later than this is none; 1 to 32.</param>
/// <param name="DownAfter">Failures in a row after which a server is passed over; 1 to 20.</param>
/// <param name="UpAfter">Successes in a row after which it is taken back; 1 to 20.</param>
public sealed record TrunkHealth(int IntervalSeconds = 30, int TimeoutSeconds = 4, int DownAfter = 3, int UpAfter = 1);

/// <summary>
/// One rule of a list; the first that matches a number is applied and no other. Either <paramref name="Strip"/> and
/// <paramref name="Add"/>, or <paramref name="Pattern"/> and <paramref name="Replace"/>.
/// </summary>
/// <param name="Strip">Matches numbers beginning with this, which is taken away; empty matches all.</param>
/// <param name="Add">Put before what is left.</param>
/// <param name="Pattern">Regular expression that the whole number has to match; without look-around and back-references.</param>
/// <param name="Replace">What the number becomes; <c>$1</c> is the first group.</param>
/// <param name="For">Which numbers the rule is for.</param>
public sealed record NumberRule(
    string? Strip = null, string? Add = null, string? Pattern = null, string? Replace = null, NumberSide For = NumberSide.Both);

/// <summary>Whose number.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NumberSide>))]
public enum NumberSide
{
    [JsonStringEnumMemberName("both")] Both,
    [JsonStringEnumMemberName("called")] Called,
    [JsonStringEnumMemberName("caller")] Caller,
}

/// <summary>How key presses reach a trunk.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TrunkDtmf>))]
public enum TrunkDtmf
{
    /// <summary>Beside the sound (RFC 4733); by INFO where the peer does not take that.</summary>
    [JsonStringEnumMemberName("rfc4733")] Rfc4733,

    /// <summary>By SIP INFO only.</summary>
    [JsonStringEnumMemberName("info")] Info,
}

/// <summary>Which number the far end is shown.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TrunkCallerId>))]
public enum TrunkCallerId
{
    /// <summary>The call's own (for a call sent on: its caller's), else the user's, else the trunk's.</summary>
    [JsonStringEnumMemberName("call")] Call,

    /// <summary>The trunk's, always.</summary>
    [JsonStringEnumMemberName("fixed")] Fixed,

    /// <summary>The user's, else the trunk's.</summary>
    [JsonStringEnumMemberName("user")] User,

    /// <summary>As <see cref="Call"/>, but the trunk's in place of a number that is not on its list.</summary>
    [JsonStringEnumMemberName("allowed")] Allowed,
}
