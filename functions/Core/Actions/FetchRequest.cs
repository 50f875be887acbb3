using System.Text;
using System.Text.Json.Nodes;
using ClickToDial.Core.Deliveries;
using ClickToDial.Core.Egress;
using ClickToDial.Core.Json;

namespace ClickToDial.Core.Actions;

/// <summary>What a script wants to fetch: <c>http.fetch(url, {method, headers, body})</c>.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Headers">Names and values that cannot end a line, frame the message or name another host.</param>
/// <param name="Body">UTF-8; null for none.</param>
public sealed record FetchRequest(Uri Url, string Method, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[]? Body, string? ContentType)
{
    /// <summary>Of the body, in bytes.</summary>
    public const int MaxBody = 256 * 1024;

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    /// <summary>It may be sent again without another effect (RFC 9110 section 9.2.1).</summary>
    public bool IsSafe => Method is "GET" or "HEAD";

    /// <summary>The request, or what is wrong with it: a reason and a line for the script's author.</summary>
    public static (FetchRequest? Request, string Reason, string Message) Read(JsonArray given, FetchHosts hosts, EgressRules rules, bool allowPlainHttp)
    {
        var options = given.Count > 1 ? given[1] as JsonObject : null;
        if (given.Count > 1 && given[1] is not null && options is null) return Fault("argument-invalid", "Argument 2 must be an object.");
        if (!WebhookUrl.TryParse(given.Count > 0 ? JsonBody.Text(given[0]) : null, rules, allowPlainHttp, out var url))
            return Fault("http-url-invalid", "The URL must be https, without a user name or fragment, and must not lead into a private network.");
        if (!hosts.Allows(url)) return Fault("http-not-allowed", "Scripts of this domain may not fetch from this host.");
        var method = (options?["method"] is { } named ? JsonBody.Text(named) : "GET")?.ToUpperInvariant();
        if (method is null || !Methods.Contains(method)) return Fault("argument-invalid", $"The method is one of {string.Join(", ", Methods)}.");
        var (body, type) = Content(options?["body"]);
        if (body?.Length > MaxBody) return Fault("http-too-large", $"A body has at most {MaxBody} bytes.");
        if (body is not null && method is "GET" or "HEAD") body = null;
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (name, node) in options?["headers"] as JsonObject ?? [])
        {
            if (JsonBody.Text(node) is not { } value || headers.Count == HeaderRules.MaxCount) return Fault("argument-invalid", $"There are at most {HeaderRules.MaxCount} headers, with texts.");
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && HeaderRules.IsAllowed("X-Type", value)) type = value;
            else if (HeaderRules.IsAllowed(name, value)) headers.Add(KeyValuePair.Create(name, value));
            else return Fault("http-header-not-allowed", "Such a header cannot be sent.");
        }
        return (new FetchRequest(url, method, headers, body, type), "", "");
    }

    private static (byte[]? Body, string? Type) Content(JsonNode? body) => body switch
    {
        null => (null, null),
        _ when JsonBody.Text(body) is { } text => (Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8"),
        _ => (Encoding.UTF8.GetBytes(body.ToJsonString()), "application/json"),
    };

    private static (FetchRequest?, string, string) Fault(string reason, string message) => (null, reason, message);
}
