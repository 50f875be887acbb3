using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Links;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ClickToDial.App.Links;

/// <summary><c>POST /dial</c>: the button of a link's page; places the call, once.</summary>
public sealed class UseLink(LinkTicketWriter tickets, LinkDialler dialler, ClientAddresses addresses)
{
    private const int Limit = 4096;

    [Function(nameof(UseLink))]
    [Operation(
        "Places the call of a link, once.",
        Details = "The form of the link's page: its field t, the signed ticket, is the credential. Answers are pages, and refusals too.",
        Caller = CallerKind.Anyone, Refusals = [400, 403, 410, 413, 429])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "dial")] HttpRequest request, CancellationToken stop)
    {
        var body = await RequestBody.ReadAsync(request, Limit, stop);
        if (!body.IsOk) return LinkPage.Refused(body.Problem);
        var form = QueryHelpers.ParseQuery(System.Text.Encoding.ASCII.GetString(body.Value));
        if (tickets.TryRead(form.GetValueOrDefault("t").ToString()) is not { } ticket) return LinkPage.Refused(KnownProblems.LinkInvalid);
        var dialled = await dialler.DialAsync(ticket, addresses.Of(request), stop);
        return dialled.IsOk ? LinkPage.Calling(ticket.Destination, ticket.User) : LinkPage.Refused(dialled.Problem);
    }
}
