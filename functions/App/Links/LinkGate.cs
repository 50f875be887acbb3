using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ClickToDial.App.Access;
using ClickToDial.Core;
using ClickToDial.Core.Access;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Links;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Links;

/// <summary>Who may use a compatible dial link, by whichever of its forms (V1 to V3); the answer is a ticket for the call.</summary>
public sealed class LinkGate(IDirectoryReader directory, FailureLimiter failures, ClientAddresses addresses, TimeProvider time, IRandomSource random)
{
    /// <summary>How long the button of a page is good.</summary>
    private static readonly TimeSpan PageLife = TimeSpan.FromMinutes(5);

    public async Task<Result<LinkPass>> CheckAsync(HttpRequest request, CancellationToken stop)
    {
        if (LinkQuery.TryParse(request.QueryString.Value) is not { } query) return KnownProblems.LinkInvalid;
        var view = await directory.GetAsync(stop);
        var form = LinkCredentials.FormOf(query);
        if (PresentedBy(request, query, form) is not { } presented) return form == LinkForm.Challenge ? KnownProblems.LoginRequired : KnownProblems.LinkInvalid;
        if (DomainOf(view, query, presented.Account, request) is not { } domain) return Wrong(form);
        if (!domain.Links.Takes(form)) return KnownProblems.LinkFormNotTaken;
        var (from, who) = (addresses.Of(request), $"{domain.Name}/{query.Account.Name}");
        if (failures.WaitOf(from, who) is { } wait) return KnownProblems.TooManyFailures with { RetryAfterSeconds = (int)Math.Ceiling(wait.TotalSeconds) };
        var checkedLink = form == LinkForm.Hash ? CheckHash(domain, query) : CheckPassword(domain, query, presented);
        if (checkedLink.IsOk) return new LinkPass(checkedLink.Value, domain, form);
        if (checkedLink.Problem.Reason == KnownProblems.LinkCredentialsWrong.Reason) failures.Failed(from, who);
        return form == LinkForm.Challenge ? KnownProblems.LoginRequired : checkedLink.Problem;
    }

    private Result<LinkTicket> CheckHash(DomainView domain, LinkQuery query)
    {
        var user = query.Account.Name;
        // One answer for all: whoever has no password here has no wrong one either.
        if (!domain.LinkPasswords.TryGetValue(user, out var password) || !LinkCredentials.HashFits(query, password)) return KnownProblems.LinkCredentialsWrong;
        var now = time.GetUtcNow();
        if (LinkCredentials.ExpiryOf(query, now, TimeSpan.FromSeconds(domain.Links.MaxSeconds)) is not { } expires) return KnownProblems.LinkInvalid;
        if (expires <= now) return KnownProblems.LinkExpired;
        var nonce = domain.Links.Reuse ? LinkMaker.Nonce(random) : NonceOf(query.Auth!);
        return new LinkTicket(domain.Name, user, query.Destination, query.Connect, Sooner(expires, now + PageLife), nonce);
    }

    private Result<LinkTicket> CheckPassword(DomainView domain, LinkQuery query, Presented presented)
    {
        var user = query.Account.Name;
        var isRight = domain.LinkPasswords.TryGetValue(user, out var password) && LinkQuery.SplitAccount(presented.Account).Name == user
            && LinkCredentials.Same(presented.Password, password);
        if (!isRight) return KnownProblems.LinkCredentialsWrong;
        return new LinkTicket(domain.Name, user, query.Destination, query.Connect, time.GetUtcNow() + PageLife, LinkMaker.Nonce(random));
    }

    private static Presented? PresentedBy(HttpRequest request, LinkQuery query, LinkForm form) => form switch
    {
        LinkForm.Challenge => BasicLogin.Read(request) is (var account, var password) ? new Presented(account, password) : null,
        LinkForm.Password => LinkCredentials.ReadPassword(query.Auth!) is (var account, var password) ? new Presented(account, password) : null,
        _ => new Presented(query.User, ""),
    };

    /// <summary>The one that the account names, or the link; else the one of the request's host, or the only one.</summary>
    private static DomainView? DomainOf(DirectoryView view, LinkQuery query, string account, HttpRequest request)
    {
        var named = LinkQuery.SplitAccount(account).Domain ?? query.Account.Domain;
        if (named is not null && query.Account.Domain is { } other && other != named) return null;
        if (named is not null) return view.Domains.GetValueOrDefault(named);
        if (view.Domains.TryGetValue(request.Host.Host.ToLowerInvariant(), out var host)) return host;
        return view.Domains.Count == 1 ? view.Domains.Values[0] : null;
    }

    private static Problem Wrong(LinkForm form) => form == LinkForm.Challenge ? KnownProblems.LoginRequired : KnownProblems.LinkCredentialsWrong;

    /// <summary>The same for all pages of a link, however its hash is written, so that it is spent once.</summary>
    private static string NonceOf(string auth) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes("link\n" + auth.ToLowerInvariant())).AsSpan(0, 18));

    private static DateTimeOffset Sooner(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private sealed record Presented(string Account, string Password);
}
