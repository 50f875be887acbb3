using System.Net;

namespace ClickToDial.TestKit.Phones;

/// <summary>Who a phone is and how it behaves.</summary>
/// <param name="Registrar">Where it registers and sends what belongs to no dialog.</param>
/// <param name="Domain">SIP domain of the account, and the digest realm it expects.</param>
/// <param name="Hertz">The tone its user "says" all the time.</param>
public sealed record PhoneSettings(IPEndPoint Registrar, string Domain, string User, string Password, double Hertz)
{
    /// <summary>Where it listens for SIP; 0 for any free port.</summary>
    public int Port { get; init; }

    /// <summary>
    /// The address it gives in Contact, Via and SDP, as a phone behind a NAT does that knows its own only; null gives the real one.
    /// </summary>
    public IPAddress? ClaimedAddress { get; init; }

    public PhoneCodec Codec { get; init; } = PhoneCodec.Pcma;

    /// <summary>It answers new offers in a call with 488, as phones with one codec do.</summary>
    public bool RefusesOffers { get; init; }

    /// <summary>It says that it takes the event "talk", and answers when it is sent it while it rings.</summary>
    public bool AnswersWhenTold { get; init; }

    /// <summary>What it does with a call by itself; the test decides about a call that rings.</summary>
    public IncomingCall OnCall { get; init; } = IncomingCall.Ring;

    /// <summary>Digest algorithm it answers a challenge with: "SHA-256" or "MD5".</summary>
    public string Digest { get; init; } = "MD5";
}

/// <summary>
/// The codecs a scripted phone speaks, each with its static payload type (RFC 3551 section 6); a phone of a wide-band one has no
/// other. Opus goes by the number that its peer gave it, 96 where it is the first to.
/// </summary>
public enum PhoneCodec
{
    Pcmu = 0,
    Pcma = 8,
    G722 = 9,
    Opus = 96,
}

public enum IncomingCall
{
    /// <summary>180, then the test answers or rejects.</summary>
    Ring,

    /// <summary>180, then 200 at once.</summary>
    Answer,

    /// <summary>486.</summary>
    Busy,

    /// <summary>603.</summary>
    Decline,

    /// <summary>Nothing at all, as a phone that has lost its network.</summary>
    Ignore,
}
