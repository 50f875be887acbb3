using ClickToDial.Contracts.Calls;

namespace ClickToDial.Calls.Legs;

/// <summary>
/// A leg that comes over from another call: it takes the dialog from the leg it was there, and offers the sound of its new call.
/// The answer comes as that of any new offer.
/// </summary>
internal sealed class AdoptedLeg(LegContext context, ILegOwner owner, string id, LegRole role, SipLeg from, byte[] offer)
    : SipLeg(context, owner, id, role)
{
    private const int NoSuchCall = 481;

    public override void Start()
    {
        Endpoint.Post(() =>
        {
            if (TakeOver(from)) return;
            Finished = true;
            Tell(new LegNews.Failed(NoSuchCall));
        });
        Reoffer(offer);
    }

    public override void End(int status, HangUpReason reason)
    {
        Farewells.Begin(); // Counted before the stack's loop has come to it.
        Endpoint.Post(() =>
        {
            SendBye(reason);
            Farewells.End();
        });
    }
}
