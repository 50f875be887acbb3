using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Legs;

/// <summary>What every leg over SIP works with; one for all of them.</summary>
/// <param name="Random">For the waits of RFC 3261 section 14; used from several threads.</param>
/// <param name="Farewells">What peers were told at the end and have not answered yet.</param>
/// <param name="Srtp">Whose media may or must be protected.</param>
internal sealed record LegContext(SipEndpoint Endpoint, TimeProvider Time, Random Random, Farewells Farewells, SrtpPolicy Srtp,
    SignallingOptions Signalling)
{
    /// <summary>A secure transport at another worker is as a clear one where the way there is.</summary>
    public SipTransportKind SecurityOf(SipFlow flow) => flow.Edge is null || Endpoint.Encrypts(flow) ? flow.Kind : SipTransportKind.Tcp;

    /// <summary>Whether a description may go that way: one with keys only where nobody can read them, or where that is allowed.</summary>
    /// <param name="flow">Null while it is not known: then what was offered first has decided.</param>
    public bool MayCarry(ReadOnlySpan<byte> description, SipFlow? flow) =>
        flow is null || !SdpText.HasKeys(description) || Srtp.MayCarryKeys(SecurityOf(flow));
}
