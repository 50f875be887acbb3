using ClickToDial.EmbeddedHost.Functions;
using ClickToDial.EmbeddedHost.Indexing;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace ClickToDial.EmbeddedHost.Http;

/// <summary>Reads the routes of the functions and refuses those that the real host refuses or could not match.</summary>
internal static class HttpRoutes
{
    private static readonly string[] Reserved = ["admin", "runtime"];

    public static IReadOnlyList<HttpRoute> Read(
        IEnumerable<FunctionEntry> functions, string prefix, ParameterPolicyFactory policies, List<string> errors)
    {
        var routes = new List<HttpRoute>();
        foreach (var function in functions)
        {
            if (ReadOne(function, prefix, policies, errors) is not { } route) continue;
            if (routes.Find(other => Conflict(route, other)) is { } twin)
                errors.Add($"Function '{function.Name}': its route is that of '{twin.Function.Name}', with a method in common.");
            routes.Add(route);
        }
        return routes;
    }

    private static HttpRoute? ReadOne(FunctionEntry function, string prefix, ParameterPolicyFactory policies, List<string> errors)
    {
        var trigger = (HttpTriggerAttribute)function.Trigger;
        var route = string.IsNullOrWhiteSpace(trigger.Route) ? function.Name : trigger.Route;
        void Refuse(string why) => errors.Add($"Function '{function.Name}': the route '{route}' {why}.");
        if (Reserved.Any(r => route.Trim('/').StartsWith(r, StringComparison.OrdinalIgnoreCase)))
            Refuse("starts with admin or runtime, which are the host's own");
        if (route.StartsWith('/') || route.StartsWith('~')) Refuse("must not start with a slash or tilde");
        try
        {
            var pattern = RoutePatternFactory.Parse(prefix.Length == 0 ? route : $"{prefix}/{route}");
            CheckConstraints(pattern, policies);
            return new HttpRoute(function, pattern, [.. (trigger.Methods ?? []).Select(m => m.ToUpperInvariant())]);
        }
        catch (Exception e) when (e is RoutePatternException or InvalidOperationException or RouteCreationException or ArgumentException)
        {
            Refuse("cannot be read: " + e.Message.TrimEnd('.'));
            return null;
        }
    }

    /// <summary>Endpoint routing would find an unknown constraint only at the first request.</summary>
    private static void CheckConstraints(RoutePattern pattern, ParameterPolicyFactory policies)
    {
        foreach (var (name, references) in pattern.ParameterPolicies)
            foreach (var reference in references) policies.Create(pattern.GetParameter(name), reference);
    }

    private static bool Conflict(HttpRoute one, HttpRoute other) =>
        string.Equals(one.Pattern.RawText?.Trim('/'), other.Pattern.RawText?.Trim('/'), StringComparison.OrdinalIgnoreCase)
        && (one.Methods.Count == 0 || other.Methods.Count == 0 || one.Methods.Intersect(other.Methods).Any());
}
