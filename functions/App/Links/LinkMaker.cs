using System.Buffers.Text;
using ClickToDial.Core;
using ClickToDial.Core.Access;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Hooks;
using ClickToDial.Core.Links;
using ClickToDial.Core.Problems;

namespace ClickToDial.App.Links;

/// <summary>Makes links of our own: signed, for one call of one user to one destination (B2).</summary>
public sealed class LinkMaker(IDirectoryReader directory, LinkTicketWriter tickets, LinkOptions options, TimeProvider time, IRandomSource random)
{
    public async Task<Result<LinkView>> MakeAsync(Principal principal, byte[] body, CancellationToken stop)
    {
        var read = LinkRequest.Read(body);
        if (!read.IsOk) return read.Problem;
        var request = read.Value;
        if (request.Domain is not null && request.Domain != principal.Domain) return KnownProblems.DomainNotAllowed;
        var domain = (await directory.GetAsync(stop)).Domains[principal.Domain];
        if (!domain.Users.ContainsKey(request.User)) return KnownProblems.UserUnknown with { Field = "user" };
        if (Callee.Resolve(domain, request.Destination) is not { } callee) return KnownProblems.DestinationInvalid with { Field = "destination" };
        // Sooner said now than to whoever opens it; what may be called is asked again then.
        if (DestinationName.IsE164(callee) && domain.Policy.Check(callee) is { } denied) return denied with { Field = "destination" };
        var expires = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds() + request.LifetimeSeconds);
        var ticket = new LinkTicket(domain.Name, request.User, request.Destination, request.Connect, expires, Nonce(random));
        return new LinkView($"{options.BaseUrl.TrimEnd('/')}/dial?t={tickets.Write(ticket)}", expires);
    }

    internal static string Nonce(IRandomSource random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }
}
