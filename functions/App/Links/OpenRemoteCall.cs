using ClickToDial.App.Access;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Links;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Links;

/// <summary>
/// <c>GET /remote_call.htm</c>: dial links as other products make them (V1 to V4). Opening one shows a page whose button dials, because mail
/// scanners open links too; a machine that means it says <c>Prefer: dial</c>, or the domain has its links dial when they are opened.
/// </summary>
public sealed class OpenRemoteCall(LinkGate gate, LinkDialler dialler, LinkTicketWriter tickets, SignedInUser signedIn, ClientAddresses addresses)
{
    private const string Challenge = "Basic realm=\"Click to Dial\", charset=\"UTF-8\"";

    [Function(nameof(OpenRemoteCall))]
    [Operation(
        "A dial link: shows a page whose button calls.",
        Details = "For links as other products make them, with a hash or a password of the user. With Prefer: dial the call is placed at once. Refusals are pages too.",
        Caller = CallerKind.Anyone, Refusals = [400, 401, 403, 410, 429])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "remote_call.htm")] HttpRequest request, CancellationToken stop)
    {
        var passed = await gate.CheckAsync(request, stop);
        if (!passed.IsOk)
            return LinkPage.Refused(passed.Problem, passed.Problem.Reason == KnownProblems.LoginRequired.Reason ? Challenge : null);
        var (ticket, domain, form) = passed.Value;
        if (!MayDial(request, domain.Links, form)) return LinkPage.Ask(ticket.Destination, ticket.User, tickets.Write(ticket), signedIn.Is(request, ticket.Domain, ticket.User));
        var dialled = await dialler.DialAsync(ticket, addresses.Of(request), stop);
        return dialled.IsOk ? LinkPage.Calling(ticket.Destination, ticket.User) : LinkPage.Refused(dialled.Problem);
    }

    private static bool MayDial(HttpRequest request, LinkSettings settings, LinkForm form)
    {
        // What a browser fetches ahead nobody has clicked.
        if (request.Headers["Sec-Purpose"].Count > 0 || request.Headers["Purpose"].Count > 0) return false;
        return (settings.DialOnGet && form == LinkForm.Hash && IsOpened(request)) || request.Headers["Prefer"].ToString().Split(',').Any(p => p.Trim() == "dial");
    }

    /// <summary>
    /// Any page can have a browser fetch a link, with the password that it keeps: only a hash says who meant this destination, and only
    /// what is opened as a page of its own, not from another site (Fetch Metadata), was opened by somebody. Old clients send neither header.
    /// </summary>
    private static bool IsOpened(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"] != "cross-site" && (request.Headers["Sec-Fetch-Dest"].Count == 0 || request.Headers["Sec-Fetch-Dest"] == "document");
}
