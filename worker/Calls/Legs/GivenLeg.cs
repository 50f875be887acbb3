using ClickToDial.Media.Srtp;

namespace ClickToDial.Calls.Legs;

/// <summary>A leg that its call has let go of without ending it. Who does not take it must end it.</summary>
/// <param name="Form">How its sound is protected now, and has to stay.</param>
/// <param name="Place">Its place among the calls of its trunk.</param>
internal sealed record GivenLeg(SipLeg Leg, SrtpUse Form, IDisposable? Place)
{
    public void End(HangUpReason reason)
    {
        Place?.Dispose();
        Leg.End(0, reason);
    }
}
