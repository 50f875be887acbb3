using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Legs;

/// <summary>What calls can do over SIP, in one place: the stack refuses the rest, and every message that tells of it says the same.</summary>
internal static class Capabilities
{
    private const string Reliable = "100rel";

    private static readonly string[] Extensions = [Reliable, "timer", "replaces", "norefersub"];

    private static readonly SipMethod[] Methods =
    [
        SipMethod.Invite, SipMethod.Ack, SipMethod.Bye, SipMethod.Cancel, SipMethod.Options, SipMethod.Register, SipMethod.Info, SipMethod.Update,
        SipMethod.Prack, SipMethod.Refer,
    ];

    public static SipEndpointOptions Of(SipEndpointOptions options, SignallingOptions signalling) => options with
    {
        AllowedMethods = Methods,
        RegistrarExtensions = Registrar.RegistrarService.Extensions,
        SupportedExtensions = Extensions,
        ReliableProvisionals = signalling.ReliableProvisionals,
        Session = signalling.Session,
    };

    /// <summary>For an INVITE of ours that forms a dialog: who reads 100rel there may send its provisional responses reliably.</summary>
    public static void AddToInvite(SipRequest invite, SipEndpoint endpoint, bool reliable)
    {
        invite.Headers.Add(HeaderName.Allow, endpoint.Allow);
        invite.Headers.Add(HeaderName.Supported, string.Join(", ", reliable ? Extensions : Extensions.Where(tag => tag != Reliable)));
    }

    /// <summary>For an UPDATE, for our successes to that and to INVITE, and the answer to OPTIONS (RFC 3311 section 5).</summary>
    public static void AddTo(SipMessage message, SipEndpoint endpoint)
    {
        message.Headers.Add(HeaderName.Allow, endpoint.Allow);
        if (endpoint.Supported is { } extensions && !message.Headers.Contains(HeaderName.Supported)) message.Headers.Add(HeaderName.Supported, extensions);
    }
}
