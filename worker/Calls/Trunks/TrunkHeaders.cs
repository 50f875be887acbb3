using ClickToDial.Calls.Legs;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Trunks;

/// <summary>What an INVITE to a trunk says besides the usual: who really calls, what is not to be shown, and who sent it on.</summary>
internal static class TrunkHeaders
{
    public static void Write(SipRequest invite, Trunk trunk, TrunkCall call)
    {
        if (call.Caller.IsPrivate) invite.Headers.Add(HeaderName.Privacy, "id"); // RFC 3325 section 9.3
        // RFC 3325 section 6: outside of the trust domain a caller who wants to be private is not named at all.
        if (trunk.Settings.Trusted && call.Caller.User != Caller.Anonymous.User)
            invite.Headers.Add(HeaderName.PAssertedIdentity, $"<{SipUri.Create(call.Caller.User, call.Domain)}>");
        foreach (var (name, value) in call.Diversions.Headers(invite.Uri)) invite.Headers.Add(name, value);
        if (call.MaxForwards is { } hops) invite.MaxForwards = hops;
    }
}
