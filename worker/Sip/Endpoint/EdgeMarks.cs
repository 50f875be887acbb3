using System.Globalization;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Endpoint;

/// <summary>
/// What a server writes into messages that it passes between a phone of its own and the server that has the call, and how it knows their
/// answers: a Via whose branch names the other server (RFC 3261 section 16.11, no state is kept) and a Record-Route whose user does. Both
/// are taken off before the other server sees them, which so speaks to the phone as if it had the phone's flow itself.
/// </summary>
public static class EdgeMarks
{
    private const string RouteMark = "edge-";
    private const string BranchMark = Via.MagicCookie + "-edge-";

    /// <summary>Names of servers that fit into a branch and into the user part of a URI as they are.</summary>
    public static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= 32 && name.All(char.IsAsciiLetterOrDigit);
    }

    /// <summary>Prepares a message of the other server for a phone of ours. A response goes as it is.</summary>
    /// <param name="contact">How the phone reaches us over its flow.</param>
    /// <returns>False when it has no hops left, or no branch to tell it by.</returns>
    public static bool TryMark(SipMessage message, string other, SipFlow flow, SipUri contact)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(contact);
        if (message is not SipRequest request) return true;
        if (request.MaxForwards <= 0 || request.TopVia is not { HasRfc3261Branch: true, Branch: { } branch }) return false;
        request.MaxForwards--;
        var port = contact.Port > 0 ? $":{contact.Port.ToString(CultureInfo.InvariantCulture)}" : "";
        request.Headers.Prepend(HeaderName.Via, $"SIP/2.0/{flow.ViaName} {contact.Host}{port};branch={BranchMark}{other}-{branch[Via.MagicCookie.Length..]};rport");
        // Within a dialog the route set stands (section 12.2).
        if (request.To.Tag is null) request.Headers.Prepend(HeaderName.RecordRoute, $"<{RouteOf(contact, other)}>");
        return true;
    }

    /// <summary>The server that a phone's message is for; null when it is for us. Nothing is changed.</summary>
    public static string? ReaderOf(SipMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Defect != MessageDefect.None) return null;
        var name = message is SipRequest request ? OfRoute(request) : OfBranch(message.TopVia.Branch);
        return name is not null && IsName(name) ? name : null;
    }

    /// <summary>Takes our marks off a message for which <see cref="ReaderOf"/> named somebody.</summary>
    public static void Unmark(SipMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message is SipRequest request)
        {
            RemoveFirst(request.Headers, HeaderName.Route);
            return;
        }
        RemoveFirst(message.Headers, HeaderName.Via);
        if (!message.Headers.Contains(HeaderName.RecordRoute)) return;
        var others = message.Headers.GetList(HeaderName.RecordRoute).FindAll(route => !IsOurs(route));
        message.Headers.Remove(HeaderName.RecordRoute);
        foreach (var route in others) message.Headers.Add(HeaderName.RecordRoute, route);
    }

    private static SipUri RouteOf(SipUri contact, string other)
    {
        var route = SipUri.Create(RouteMark + other, contact.Host, contact.Port);
        if (contact.Transport is { } transport) route = route.WithParameter("transport", transport);
        return route.WithParameter("lr", null);
    }

    // Only what is within a dialog: whoever makes up such a route for a new call has it served here, as any other.
    private static string? OfRoute(SipRequest request)
    {
        var index = request.Headers.IndexOf(HeaderName.Route);
        if (index < 0 || request.To.Tag is null) return null;
        var routes = request.Headers.FieldAt(index).Bytes;
        return NameAddress.TryParse(routes[..Grammar.ListElementEnd(routes)], out var first)
            && first.Uri.User is { } user && user.StartsWith(RouteMark, StringComparison.Ordinal)
                ? user[RouteMark.Length..]
                : null;
    }

    private static string? OfBranch(string? branch)
    {
        if (branch is null || !branch.StartsWith(BranchMark, StringComparison.Ordinal)) return null;
        var end = branch.IndexOf('-', BranchMark.Length);
        return end < 0 ? null : branch[BranchMark.Length..end];
    }

    private static bool IsOurs(string route) =>
        NameAddress.TryParse(route, out var address) && address.Uri.User?.StartsWith(RouteMark, StringComparison.Ordinal) == true;

    private static void RemoveFirst(SipHeaders headers, HeaderName name)
    {
        var index = headers.IndexOf(name);
        var bytes = headers.FieldAt(index).Bytes;
        var end = Grammar.ListElementEnd(bytes);
        var rest = end < bytes.Length ? ParameterParser.DecodeText(Grammar.Trim(bytes[(end + 1)..])) : "";
        if (rest.Length == 0) headers.RemoveAt(index);
        else headers.ReplaceAt(index, rest);
    }
}
