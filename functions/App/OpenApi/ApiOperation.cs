using System.Reflection;

namespace ClickToDial.App.OpenApi;

/// <summary>An HTTP function as it is described.</summary>
/// <param name="Id">Name of the function; with the method behind it where it has several.</param>
/// <param name="Path">With a leading slash.</param>
public sealed record ApiOperation(string Id, string Method, string Path, OperationAttribute Told)
{
    private static readonly string[] Described = ["get", "post", "put", "patch", "delete"];

    /// <summary>By which operations are grouped: first part of the path behind /api, unless others belong with them. See <see cref="KnownTags"/>.</summary>
    public string Tag => Path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["api", "integration", ..] => "integration",
        ["api", var group, ..] => group,
        ["dial" or "remote_call.htm"] => "dial",
        ["webhooks", "pbx", ..] => "pbx",
        ["rest", ..] => "rest",
        _ => "service",
    };

    public IEnumerable<string> PathParameters =>
        Path.Split('/').Where(p => p is ['{', .., '}']).Select(p => p[1..^1].Split(':', '?')[0].TrimStart('*'));

    /// <summary>Those of the assembly that are meant for callers, by path and method. What is between our own parts is left out, and so are files.</summary>
    public static IReadOnlyList<ApiOperation> All(Assembly assembly) =>
    [
        .. assembly.GetExportedTypes().SelectMany(t => t.GetMethods()).SelectMany(Of)
            .OrderBy(o => o.Path, StringComparer.Ordinal).ThenBy(o => o.Method, StringComparer.Ordinal),
    ];

    private static IEnumerable<ApiOperation> Of(MethodInfo method)
    {
        if (method.GetCustomAttribute<FunctionAttribute>() is not { } function) yield break;
        var trigger = method.GetParameters().Select(p => p.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(t => t is not null);
        var route = trigger?.Route ?? "internal";
        if (route.StartsWith("internal", StringComparison.Ordinal) || route.Contains("{*", StringComparison.Ordinal)) yield break;
        var methods = (trigger!.Methods ?? []).Select(m => m.ToLowerInvariant()).Intersect(Described).ToList();
        var told = method.GetCustomAttribute<OperationAttribute>() ?? new OperationAttribute(Words(function.Name)) { Caller = Guess(route) };
        foreach (var verb in methods)
            yield return new ApiOperation(methods.Count == 1 ? function.Name : $"{function.Name}-{verb}", verb, "/" + Plain(route), told);
    }

    /// <summary>Without the constraints of its parameters.</summary>
    private static string Plain(string route) => string.Join('/', route.Split('/').Select(p => p is ['{', .., '}'] ? $"{{{p[1..^1].Split(':')[0]}}}" : p));

    private static CallerKind Guess(string route) => route.StartsWith("api/", StringComparison.Ordinal) ? CallerKind.KeyOrToken : CallerKind.Anyone;

    private static string Words(string name) =>
        string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : c.ToString())) + ".";
}
