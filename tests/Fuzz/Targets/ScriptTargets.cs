using System.Text;
using System.Text.Json.Nodes;
using ClickToDial.Core.Access;
using ClickToDial.Core.Actions;
using ClickToDial.Core.Actions.Forms;
using ClickToDial.Core.Deliveries;
using ClickToDial.Core.Egress;
using ClickToDial.Core.Json;

namespace ClickToDial.Fuzz.Targets;

/// <summary>Patterns that builders of forms write: what a form is let in with can be matched, on any text, and says the same each time. Pattern and text are lines.</summary>
public sealed class SharedPatternTarget : IFuzzTarget
{
    public string Name => "shared-pattern";

    public IEnumerable<string> Seeds => ["^\\d{2,4}$\n123", "^(?:a|b)+[^\\s-]\\u0041?.$\nabA😀", "(a+)+$\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "[\\w.+-]+@[a-z]{1,9}\na.b@c"];

    public IEnumerable<string> Words => ["(", ")", "(?:", "(?=", "[", "[^", "]", "{1,9999}", "{2}", "*", "+?", "\\d", "\\D", "\\b", "\\u00e9", "\\ud83d", "\\p{L}", "\\1", ".", "^", "$", "|", "-", "😀", "\n", "\u2028"];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (Encoding.UTF8.GetString(input).Split('\n') is not [var pattern, var text, ..]) return;
        _ = SharedPattern.TryTranslate(pattern);
        var (fields, _) = FieldReader.ReadAll(new JsonArray(new JsonObject { ["type"] = "input", ["name"] = "f", ["regex"] = pattern }));
        if (fields is null) return;
        Promise.That(SharedPattern.TryTranslate(pattern) is not null, "what is let in is read alike");
        Promise.That(SharedPattern.IsMatch(text, pattern) == SharedPattern.IsMatch(text, pattern), "a match is a match");
    }
}

/// <summary>What scripts give to <c>http.fetch</c>: what is taken goes to a listed host, and its headers frame nothing.</summary>
public sealed class FetchRequestTarget : IFuzzTarget
{
    private static readonly EgressRules Rules = new(new AddressRanges([]));
    private static readonly FetchHosts Hosts = new(["api.example.com", "*.example.org:8443"]);

    public string Name => "fetch-request";

    public IEnumerable<string> Seeds =>
    [
        """["https://api.example.com/a?b=c"]""",
        """["https://x.example.org:8443/",{"method":"post","headers":{"X-Token":"t","Content-Type":"text/plain"},"body":{"a":[1,null]}}]""",
        """["https://api.example.com/",{"method":"GET","body":"x","headers":null}]""",
    ];

    public IEnumerable<string> Words =>
    [
        "https://", "http://", "api.example.com", ".example.org", ":8443", "@", "#", "\\\\", "%2e", "\"headers\":{", "\"Host\":\"x\"", "\"Content-Length\":\"1\"",
        "\"content-type\":\"a\\r\\nb\"", "\"method\":\"CONNECT\"", "\"body\":", "null", "\\u0000", "\\r\\n", "[]", "{}",
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (Json.Of(input) is not JsonArray given) return;
        var (request, reason, message) = FetchRequest.Read(given, Hosts, Rules, allowPlainHttp: false);
        Promise.That(request is not null || (reason.Length > 0 && message.Length > 0), "what is refused has a reason");
        if (request is null) return;
        Promise.That(request.Url.Scheme == Uri.UriSchemeHttps && request.Url.UserInfo.Length == 0, "it is https, without a user");
        var host = request.Url.IdnHost.TrimEnd('.');
        Promise.That(
            (request.Url.Port == 443 && host == "api.example.com") || (request.Url.Port == 8443 && host.EndsWith(".example.org", StringComparison.Ordinal)), "the host is listed");
        Promise.That(request.Body is not { Length: > FetchRequest.MaxBody } && (request.Body is null || !request.IsSafe), "the body may be sent");
        Promise.That(request.Headers.Count <= HeaderRules.MaxCount && request.Headers.All(h => HeaderRules.IsAllowed(h.Key, h.Value)), "its headers are the script's to set");
        Promise.That(request.ContentType?.AsSpan().IndexOfAny('\r', '\n') is null or < 0, "the type of its body ends no line");
    }
}

/// <summary>The list of hosts that an administrator writes, against any URL: an entry lets in its own name, or names below it, and no port but its own. Entry and URL are lines.</summary>
public sealed class FetchHostTarget : IFuzzTarget
{
    public string Name => "fetch-host";

    public IEnumerable<string> Seeds =>
        ["api.example.com\nhttps://API.example.com./x", "*.example.com:8443\nhttps://a.b.example.com:8443/", "[2001:db8::1]:80\nhttp://[2001:db8::1]/", "*.com\nhttps://x.com/", "10.0.0.1\nhttps://0xa000001/"];

    public IEnumerable<string> Words => ["*.", ".", "..", ":", ":443", ":0", "[", "]", "::1", "xn--", "example", ".com", "-", "https://", "http://", "/", "@", "\u3002", "%2e"];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (Encoding.UTF8.GetString(input).Split('\n') is not [var entry, var text, ..] || !Uri.TryCreate(text, UriKind.Absolute, out var url)) return;
        if (url.Scheme is not ("http" or "https") || !FetchHosts.IsEntry(entry) || !new FetchHosts([entry]).Allows(url)) return;
        var isBelow = entry.StartsWith("*.", StringComparison.Ordinal);
        var own = new Uri($"{url.Scheme}://{(isBelow ? entry[2..] : entry)}/");
        var (host, name) = (url.IdnHost.TrimEnd('.').ToUpperInvariant(), own.IdnHost.TrimEnd('.').ToUpperInvariant());
        Promise.That(url.Port == own.Port, "the port is the entry's");
        Promise.That(isBelow ? host[^(name.Length + 1)..] == "." + name : host == name, "the name is the entry's, or below it");
        Promise.That(!isBelow || name.Contains('.', StringComparison.Ordinal), "nobody is let in by a whole top-level domain");
    }
}

/// <summary>What a script's answer says under <c>__.after</c>.</summary>
public sealed class CallWaitTarget : IFuzzTarget
{
    public string Name => "call-wait";

    public IEnumerable<string> Seeds => ["""{"event":"answered","fn":"talked"}""", """{"event":"ended","call":"01m7zmdtq7q4mp3911bga1"}""", """{"event":"ended","fn":"f(1)"}""", "null", "7"];

    public IEnumerable<string> Words => ["\"event\":", "\"answered\"", "\"ended\"", "\"fn\":", "\"call\":", "(", ")", "()", "'x'", ",", "{", "}", "null", "1e999", "\\u0000", "$", "_a"];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (Json.Of(input) is not { } node) return;
        var (wait, fault) = CallWait.Read(node);
        Promise.That(wait is null != fault is null, "it is read or refused");
        if (wait is null) return;
        Promise.That(wait.Entry.Length is > 0 and <= 64 && wait.CallId is null or { Length: > 0 and <= 64 }, "names and ids are short");
        Promise.That(wait.Entry.All(c => !"(),'\" ".Contains(c, StringComparison.Ordinal)), "the function is named, not called");
    }
}

/// <summary>JSON of strangers, as far as it is JSON.</summary>
internal static class Json
{
    // As the script runner sends it: every text can be read.
    public static JsonNode? Of(ReadOnlySpan<byte> input) =>
        JsonBody.Parse([.. "{\"v\":"u8, .. input, .. "}"u8]) is { IsOk: true } read ? read.Value["v"] : null;
}
