using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Registrar;

/// <summary>Whether a REGISTER asks for outbound (RFC 5626 section 6), and what speaks against it.</summary>
/// <param name="IsAsked">A numbered flow of a named device that knows outbound.</param>
/// <param name="IsFirstHop">No proxy stands between: then it is us whom the device keeps its flow with.</param>
/// <param name="Refusal">The status that refuses the request; null when it may go on.</param>
internal readonly record struct OutboundWish(bool IsAsked, bool IsFirstHop, int? Refusal)
{
    public const string Tag = "outbound";

    public static OutboundWish None => default;

    public static OutboundWish Of(SipRequest request, List<NameAddress> contacts, IReadOnlyList<string> path)
    {
        var numbered = contacts.Count(contact => OutboundContact.Of(contact) is { IsOutbound: true });
        if (numbered == 0 || !Knows(request)) return None; // A reg-id alone means nothing.
        // One REGISTER speaks for the one flow that it came by.
        if (contacts.Count > 1) return new OutboundWish(true, false, 400);
        var isFirstHop = request.Headers.GetList(HeaderName.Via).Count == 1;
        var kept = isFirstHop || (path.Count > 0 && OutboundContact.WantsFlow(NameAddress.Parse(path[^1]).Uri));
        return new OutboundWish(true, isFirstHop, kept ? null : 439);
    }

    private static bool Knows(SipRequest request) =>
        request.Headers.HasToken(HeaderName.Supported, Tag) || request.Headers.HasToken(HeaderName.Require, Tag);
}

/// <summary>The Path of a REGISTER (RFC 3327): the proxies that requests to the device have to visit, the next hop first.</summary>
internal static class RegisterPath
{
    private const int MaxHops = 8;

    /// <summary>Empty when there is none; null when it makes no sense.</summary>
    public static IReadOnlyList<string>? Of(SipRequest request)
    {
        if (!request.Headers.Contains(HeaderName.Path)) return [];
        var values = request.Headers.GetList(HeaderName.Path);
        return values.Count <= MaxHops && values.TrueForAll(value => NameAddress.TryParse(value, out var hop) && hop.Uri.IsSip) ? values : null;
    }
}
