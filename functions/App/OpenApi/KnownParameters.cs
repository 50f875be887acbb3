using System.Text.Json.Nodes;
using ClickToDial.Core.Calls;
using ClickToDial.Core.PbxApi;

namespace ClickToDial.App.OpenApi;

/// <summary>Parameters that operations share, by name.</summary>
public static class KnownParameters
{
    private const string Text = "string";

    /// <returns>A parameter object of OpenAPI.</returns>
    public static JsonObject Query(string name)
    {
        var (schema, description) = Describe(name);
        return new JsonObject { ["name"] = name, ["in"] = "query", ["description"] = description, ["schema"] = schema };
    }

    /// <param name="path">Path of the operation, as in <c>/api/calls/{id}</c>.</param>
    /// <returns>A parameter object of OpenAPI.</returns>
    public static JsonObject Path(string path, string name) => new()
    {
        ["name"] = name,
        ["in"] = "path",
        ["required"] = true,
        ["description"] = DescribePath(path[..path.IndexOf($"/{{{name}}}", StringComparison.Ordinal)].Split('/')[^1], name),
        ["schema"] = Plain(),
    };

    public static JsonObject Header(string name) => new()
    {
        ["name"] = name,
        ["in"] = "header",
        ["required"] = name == "Idempotency-Key",
        ["description"] = "Names the intent: the same key with the same body has the same answer, and does nothing twice.",
        ["schema"] = new JsonObject { ["type"] = Text, ["minLength"] = 1, ["maxLength"] = IdempotencyKey.MaxLength },
    };

    /// <param name="before">What stands before it in the path.</param>
    private static string? DescribePath(string before, string name) => (before, name) switch
    {
        ("buttons" or "button", "id") => "Id of the button.",
        ("forms" or "form", "id") => "Id of the form.",
        ("scripts", "id") => "Id of the script.",
        ("script-secrets", "name") => "Name of the secret, by which scripts read it.",
        ("calls", "id") => "Id of the call, as the answer that began it or a list of calls gives it.",
        ("chains", "id") => "Id of the chain, as the answer to the button gives it.",
        ("keys", "id") => "Id of the key: the part between the underscores.",
        ("recordings", "id") => "Id of the recording, as the list of the call's recordings gives it.",
        ("webhooks", "id") => "Id of the subscription.",
        ("deliveries", "delivery") => "Id of the delivery, as the list of deliveries gives it.",
        ("poison", "id") => "Id of the event, as the list of those set aside gives it.",
        ("pbx", "source") => "Name of the PBX in the settings of the app.",
        ("{source}", "trigger") => "What the events are of, such as queue_call.",
        _ => null,
    };

    private static (JsonObject Schema, string Description) Describe(string name) => name switch
    {
        "user" => (Plain(), "User name."),
        "from" => (Time(), "Earliest begin, inclusive."),
        "to" => (Time(), "Latest begin, exclusive."),
        "fromDate" or "from_date" => (Day(), "First day, inclusive, in the domain's time zone, which the answer names."),
        "toDate" or "to_date" => (Day(), "Last day, inclusive, in the domain's time zone, which the answer names."),
        "placement" => (Plain(), "Only buttons of this placement, such as agent."),
        "state" => (Plain(), "State of the call."),
        "result" => (Plain(), "Result of the call."),
        "cursor" => (Plain(), "The next of the page before."),
        "offset" => (Number(0, CallQuery.MaxReach), $"So many are passed over first. Offset and limit together reach {CallQuery.MaxReach}; beyond, narrow the dates or use the cursor."),
        "sort_by" => (new JsonObject { ["type"] = Text, ["enum"] = new JsonArray("newest_first", "oldest_first"), ["default"] = "newest_first" }, "Order. Oldest first is only for ranges with few calls."),
        "format" => (Choice("json", "csv"), "csv for a table; as with Accept: text/csv."),
        "limit" => (Number(1, PbxQuery.MaxLimit), $"Most in one answer. Our own lists give up to {CallQuery.MaxLimit}, or {PbxQuery.MaxLimit} as CSV."),
        "unique_call_id" => (Plain(), "Only this call."),
        "queue" or "ringGroup" or "callId" or "queues_names" or "ringgroups_names" or "users_names" => (Plain(), "Names, with commas between: only of these."),
        "status" => (Choice("pending", "delivered", "dead"), "Only deliveries of this status."),
        _ => (Plain(), name),
    };

    private static JsonObject Plain() => new() { ["type"] = Text };

    private static JsonObject Time() => new() { ["type"] = Text, ["format"] = "date-time" };

    private static JsonObject Day() => new() { ["type"] = Text, ["format"] = "date" };

    private static JsonObject Choice(params string[] values) => new() { ["type"] = Text, ["enum"] = new JsonArray([.. values.Select(v => JsonValue.Create(v))]) };

    private static JsonObject Number(int min, int max) => new() { ["type"] = "integer", ["minimum"] = min, ["maximum"] = max };
}
