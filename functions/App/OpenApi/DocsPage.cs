using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClickToDial.App.OpenApi;

/// <summary>The description of the API as a page: no script, and nothing from elsewhere.</summary>
public static class DocsPage
{
    public const string Policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1f;background:#fff}"
        + "h2{margin-top:2.5rem;border-bottom:1px solid #bbb}summary{cursor:pointer;padding:.35rem 0}code,pre{font:14px/1.45 ui-monospace,monospace}"
        + "pre{background:#f4f4f6;padding:.75rem;overflow:auto}.m{display:inline-block;min-width:4.5rem;font-weight:700;text-transform:uppercase}"
        + "table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.25rem .6rem;text-align:left;vertical-align:top}"
        + "@media(prefers-color-scheme:dark){body{color:#e6e6ea;background:#16161a}pre{background:#232329}td,th{border-color:#444}}";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly Lazy<string> Text = new(() => Build(JsonNode.Parse(OpenApiDocument.Json)!.AsObject()));

    public static string Html => Text.Value;

    private static string Build(JsonObject document)
    {
        var page = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">");
        page.Append("<title>Click to Dial API</title><style>").Append(Style).Append("</style></head><body><h1>Click to Dial API</h1><p>")
            .Append(Safe(document["info"]!["description"]!)).Append(" The same for programs: <a href=\"/openapi.json\">openapi.json</a>.</p>");
        foreach (var tag in document["tags"]!.AsArray()) Group(page, document, tag!);
        page.Append("<h2>Types</h2>");
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject())
            page.Append(CultureInfo.InvariantCulture, $"<details id=\"{Safe(name)}\"><summary><code>{Safe(name)}</code></summary><pre>{Safe(schema!.ToJsonString(Indented))}</pre></details>");
        return page.Append("</body></html>").ToString();
    }

    private static void Group(StringBuilder page, JsonObject document, JsonNode tag)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>{Safe(tag["name"]!)}</h2><p>{Safe(tag["description"]!)}</p>");
        foreach (var (path, methods) in document["paths"]!.AsObject())
            foreach (var (method, operation) in methods!.AsObject())
                if (operation!["tags"]![0]!.GetValue<string>() == tag["name"]!.GetValue<string>()) Operation(page, path, method, operation);
    }

    private static void Operation(StringBuilder page, string path, string method, JsonNode operation)
    {
        page.Append(CultureInfo.InvariantCulture, $"<details><summary><span class=\"m\">{Safe(method)}</span> <code>{Safe(path)}</code> {Safe(operation["summary"]!)}</summary>");
        if (operation["description"] is { } description) page.Append(CultureInfo.InvariantCulture, $"<p>{Safe(description)}</p>");
        var ways = operation["security"]!.AsArray().SelectMany(s => s!.AsObject().Select(p => p.Key)).ToList();
        page.Append(CultureInfo.InvariantCulture, $"<p>Credentials: {Safe(ways.Count == 0 ? "none" : string.Join(" or ", ways))}</p>");
        if (operation["parameters"] is JsonArray parameters)
        {
            page.Append("<table><tr><th>Parameter</th><th>In</th><th>Meaning</th></tr>");
            foreach (var p in parameters)
                page.Append(CultureInfo.InvariantCulture, $"<tr><td><code>{Safe(p!["name"]!)}</code></td><td>{Safe(p["in"]!)}</td><td>{Safe(p["description"]?.ToString() ?? "")}</td></tr>");
            page.Append("</table>");
        }

        if (operation["requestBody"] is { } body) page.Append(CultureInfo.InvariantCulture, $"<p>Body: {Types(body["content"]!)}</p>");
        page.Append("<table><tr><th>Answer</th><th>Meaning</th><th>Body</th></tr>");
        foreach (var (status, response) in operation["responses"]!.AsObject())
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Safe(status)}</td><td>{Safe(response!["description"]!)}</td><td>{(response["content"] is { } content ? Types(content) : "")}</td></tr>");
        page.Append("</table></details>");
    }

    private static string Types(JsonNode content) => string.Join(
        ", ",
        content.AsObject().Select(c => c.Value!["schema"]!["$ref"]?.GetValue<string>().Split('/')[^1] is { } name
            ? $"<a href=\"#{Safe(name)}\">{Safe(name)}</a> <code>{Safe(c.Key)}</code>"
            : $"<code>{Safe(c.Key)}</code>"));

    private static string Safe(JsonNode text) => Safe(text.ToString());

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
