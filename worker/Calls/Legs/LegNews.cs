using System.Net;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Legs;

/// <summary>What a leg tells its call.</summary>
internal abstract record LegNews
{
    private LegNews()
    {
    }

    /// <summary>180, or whatever else says that a person is being alerted.</summary>
    internal sealed record Ringing : LegNews
    {
        public static Ringing Instance { get; } = new();
    }

    /// <summary>The device that rings has said that it can be told to answer.</summary>
    internal sealed record TakesTalk : LegNews
    {
        public static TakesTalk Instance { get; } = new();
    }

    /// <summary>A provisional response with an answer in it.</summary>
    internal sealed record EarlyMedia(ReadOnlyMemory<byte> Answer) : LegNews;

    /// <summary>A success with the answer to our offer.</summary>
    /// <param name="Settled">The answer was given for good before, in a provisional response that this leg told of (RFC 6337 section 2.2).</param>
    internal sealed record Answered(ReadOnlyMemory<byte> Answer, bool Settled = false) : LegNews;

    /// <summary>The final response, or 0 when the peer could not be reached.</summary>
    /// <param name="Cause">The telephone network's own word for it (Q.850), where it came along.</param>
    internal sealed record Failed(int Status, int? Cause = null) : LegNews
    {
        /// <summary>Whom a 3xx names instead; null for other statuses, and where it names nobody.</summary>
        public SipUri? Target { get; init; }

        /// <summary>Where the phone is that says so; null for a trunk.</summary>
        public IPAddress? From { get; init; }
    }

    /// <summary>BYE, or CANCEL of an incoming one.</summary>
    /// <param name="Reason">A <see cref="Contracts.Calls.CallReasons"/> where it was not a person that hung up; else null.</param>
    /// <param name="Said">What the peer gave as its reason, for the other end; null when it gave none.</param>
    /// <param name="IsElsewhere">The caller gave up because somebody else has answered: nobody has missed a call (RFC 3326 section 2).</param>
    internal sealed record HungUp(string? Reason = null, bool IsElsewhere = false, GivenReason? Said = null) : LegNews
    {
        public static HungUp Instance { get; } = new();
    }

    /// <summary>A key, by SIP INFO.</summary>
    internal sealed record Digit(char Key, int Milliseconds = InfoDigit.UsualMilliseconds) : LegNews;

    /// <summary>The peer offers anew, to hold or to resume or to change codec; somebody has to answer.</summary>
    internal sealed record Reoffered(IReoffer Request) : LegNews;

    /// <summary>Our own new offer was answered.</summary>
    /// <param name="Asked">The peer had asked for the offer, so the answer says what it wants now.</param>
    internal sealed record ReofferAccepted(ReadOnlyMemory<byte> Answer, bool Asked = false) : LegNews;

    /// <summary>The peer asks that somebody else takes its place (REFER).</summary>
    internal sealed record Referred(IReferral Request) : LegNews;

    internal sealed record ReofferRefused(int Status) : LegNews;

    /// <summary>After a refusal by 491 the time has come at which an offer may be made again.</summary>
    internal sealed record MayReoffer : LegNews
    {
        public static MayReoffer Instance { get; } = new();
    }
}

/// <summary>A transfer that a peer asks for, and has to be kept informed of.</summary>
internal interface IReferral
{
    ReferTarget Target { get; }

    /// <summary>The connection that it came over.</summary>
    SipFlow Flow { get; }

    /// <summary>Who refers, as it says itself (RFC 3892); null when it does not.</summary>
    string? ReferredBy { get; }

    void Accept();

    void Refuse(int status);

    /// <summary>How the call to the target goes: a SIP status; from 200 on it is the last.</summary>
    void Progress(int status);
}

/// <summary>An unanswered offer of a peer in an established dialog.</summary>
internal interface IReoffer
{
    /// <summary>Empty when the peer asks us to offer.</summary>
    ReadOnlyMemory<byte> Offer { get; }

    void Accept(byte[] description);

    void Refuse(int status);
}
