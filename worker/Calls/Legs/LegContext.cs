using ClickToDial.Sip.Endpoint;

namespace ClickToDial.Calls.Legs;

/// <summary>What every leg over SIP works with; one for all of them.</summary>
/// <param name="Random">For the waits of RFC 3261 section 14; used from several threads.</param>
/// <param name="Farewells">What peers were told at the end and have not answered yet.</param>
/// <param name="Srtp">Whose media may or must be protected.</param>
internal sealed record LegContext(SipEndpoint Endpoint, TimeProvider Time, Random Random, Farewells Farewells, SrtpPolicy Srtp,
    SignallingOptions Signalling);
