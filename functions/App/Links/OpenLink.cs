using ClickToDial.App.Access;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Links;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Links;

/// <summary><c>GET /dial</c>: a link of our own; shows a page whose button dials.</summary>
public sealed class OpenLink(LinkTicketWriter tickets, SignedInUser signedIn, TimeProvider time)
{
    [Function(nameof(OpenLink))]
    [Operation(
        "A signed dial link: shows a page whose button calls.",
        Details = "The signed ticket, t in the query, is the credential. The page calls nobody until its button is pressed; for a user who is signed in it presses that itself. Refusals are pages too.",
        Caller = CallerKind.Anyone, Refusals = [400, 410])]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "dial")] HttpRequest request)
    {
        var text = request.Query["t"].ToString();
        if (tickets.TryRead(text) is not { } ticket) return LinkPage.Refused(KnownProblems.LinkInvalid);
        if (ticket.Expires <= time.GetUtcNow()) return LinkPage.Refused(KnownProblems.LinkExpired);
        return LinkPage.Ask(ticket.Destination, ticket.User, text, signedIn.Is(request, ticket.Domain, ticket.User));
    }
}
