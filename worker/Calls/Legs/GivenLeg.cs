using ClickToDial.Media.Plane;
using ClickToDial.Media.Srtp;

namespace ClickToDial.Calls.Legs;

/// <summary>A leg that its call has let go of without ending it. Who does not take it must end it.</summary>
/// <param name="Form">How its sound is protected now, and has to stay.</param>
/// <param name="Place">Its place among the calls of its trunk.</param>
/// <param name="Browser">The way to its browser, where it is one's: ICE and DTLS cannot be begun anew without asking.</param>
internal sealed record GivenLeg(SipLeg Leg, SrtpUse Form, IDisposable? Place, GivenBrowser? Browser = null)
{
    public void End(HangUpReason reason)
    {
        Place?.Dispose();
        Browser?.Path.Drop();
        Leg.End(0, reason);
    }
}

/// <summary>The way to a browser between two calls.</summary>
/// <param name="Mid">What the browser calls its line.</param>
internal sealed record GivenBrowser(GivenPath Path, string? Mid);
