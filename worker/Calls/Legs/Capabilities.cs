using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Legs;

/// <summary>What calls can do over SIP, in one place: the stack refuses the rest, and every message that tells of it says the same.</summary>
internal static class Capabilities
{
    private static readonly SipMethod[] Methods =
    [
        SipMethod.Invite, SipMethod.Ack, SipMethod.Bye, SipMethod.Cancel, SipMethod.Options, SipMethod.Register, SipMethod.Info, SipMethod.Update,
    ];

    public static SipEndpointOptions Of(SipEndpointOptions options) =>
        options with { AllowedMethods = Methods, RegistrarExtensions = Registrar.RegistrarService.Extensions };

    /// <summary>For an INVITE, an UPDATE, their successes, and the answer to OPTIONS (RFC 3311 section 5).</summary>
    public static void AddTo(SipMessage message, SipEndpoint endpoint)
    {
        message.Headers.Add(HeaderName.Allow, endpoint.Allow);
        if (endpoint.Supported is { } extensions && !message.Headers.Contains(HeaderName.Supported)) message.Headers.Add(HeaderName.Supported, extensions);
    }
}
