using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.Calls.Control;

/// <summary>Which calls a query asks for: <c>domain</c> and <c>user</c>, each at most once.</summary>
internal static class FilterReader
{
    /// <param name="wrong">What is wrong, naming the parameter.</param>
    public static bool TryRead(IQueryCollection query, out CallFilter filter, [NotNullWhen(false)] out string? wrong)
    {
        filter = CallFilter.All;
        wrong = null;
        var (domains, users) = (query["domain"], query["user"]);
        if (domains.Count > 1 || (domains is [var domain] && !OriginateGuard.IsDomain(domain ?? ""))) wrong = OriginateGuard.BadDomain;
        else if (users.Count > 1 || (users is [var user] && !OriginateGuard.IsUser(user ?? ""))) wrong = OriginateGuard.BadUser;
        else filter = new CallFilter(domains, users);
        return wrong is null;
    }
}
