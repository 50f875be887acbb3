using System.Text.Json.Nodes;
using ClickToDial.App.Actions.Scripts;
using ClickToDial.Core;
using ClickToDial.Core.Actions;
using ClickToDial.Core.Actions.Forms;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;

namespace ClickToDial.App.Actions.Builders;

/// <summary>Checks what is built and keeps it: what it names must be there, and scripts must be readable.</summary>
public sealed class BuilderDesk(ItemTables tables, ScriptRunnerClient runner, IRandomSource random, TimeProvider time)
{
    public static BuilderKind Buttons { get; } = new("buttons", KnownProblems.ButtonUnknown, t => t.Buttons);

    public static BuilderKind Forms { get; } = new("forms", KnownProblems.FormUnknown, t => t.Forms);

    public static BuilderKind Scripts { get; } = new("scripts", KnownProblems.ScriptUnknown, t => t.Scripts);

    public async Task<Result<StoredItem>> FindAsync(BuilderKind kind, string domain, string id, CancellationToken stop) =>
        await kind.Table(tables).FindAsync(domain, id, stop) is { } item ? item : kind.Unknown;

    public async Task<Result<StoredItem>> FindAsync(BuilderKind kind, string domain, string id, int version, CancellationToken stop) =>
        await kind.Table(tables).FindAsync(domain, id, version, stop) is { } item ? item : kind.Unknown;

    public Task<List<StoredItem>> ListAsync(BuilderKind kind, string domain, CancellationToken stop) => kind.Table(tables).ListAsync(domain, stop);

    public Task<List<StoredItem>> VersionsAsync(BuilderKind kind, string domain, string id, CancellationToken stop) =>
        kind.Table(tables).VersionsAsync(domain, id, stop);

    public async Task<Result<StoredItem>> CreateAsync(BuilderKind kind, string domain, byte[] body, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var id = CallIds.New(now, random).Value;
        var read = await ReadAsync(kind, domain, id, body, stop);
        if (!read.IsOk) return read.Problem;
        var (json, name) = read.Value;
        if (await kind.Table(tables).AddAsync(domain, id, json, name, now, stop) is { } problem) return problem;
        return new StoredItem(domain, id, 1, json, now, default, null);
    }

    /// <param name="version">The one that is replaced.</param>
    public async Task<Result<StoredItem>> ReplaceAsync(BuilderKind kind, string domain, string id, int version, byte[] body, CancellationToken stop)
    {
        if (await kind.Table(tables).FindAsync(domain, id, stop) is not { } old) return kind.Unknown;
        if (old.Version != version) return KnownProblems.VersionDiffers;
        var read = await ReadAsync(kind, domain, id, body, stop);
        if (!read.IsOk) return read.Problem;
        var (json, name) = read.Value;
        var now = time.GetUtcNow();
        if (await kind.Table(tables).ReplaceAsync(old, json, name, now, stop) is { } problem) return problem;
        return old with { Version = version + 1, Json = json, ChangedAt = now };
    }

    public async Task<Problem?> DeleteAsync(BuilderKind kind, string domain, string id, CancellationToken stop) =>
        await kind.Table(tables).FindAsync(domain, id, stop) is { } item ? await kind.Table(tables).DeleteAsync(item, stop) : kind.Unknown;

    private async Task<Result<Built>> ReadAsync(BuilderKind kind, string domain, string id, byte[] body, CancellationToken stop)
    {
        if (kind == Buttons) return await ReadButtonAsync(domain, id, body, stop);
        var json = JsonBody.Parse(body);
        if (!json.IsOk) return json.Problem;
        return kind == Forms ? await ReadFormAsync(domain, id, json.Value, stop) : await ReadScriptAsync(id, json.Value, stop);
    }

    private async Task<Result<Built>> ReadButtonAsync(string domain, string id, byte[] body, CancellationToken stop)
    {
        var button = ButtonJson.Read(body, id);
        if (!button.IsOk) return button.Problem;
        if (button.Value.FormId is { } form && await tables.Forms.FindAsync(domain, form, stop) is null) return Missing("form_id");
        if (await IsMissingScriptAsync(domain, button.Value.ScriptId, stop)) return Missing("sandbox_id");
        return new Built(ButtonJson.Write(button.Value, domain), null);
    }

    private async Task<Result<Built>> ReadFormAsync(string domain, string id, JsonObject json, CancellationToken stop)
    {
        var form = FormJson.Read(json, id);
        if (!form.IsOk) return form.Problem;
        if (await IsMissingScriptAsync(domain, form.Value.ScriptId, stop)) return Missing("sandbox_id");
        return new Built(FormJson.Write(form.Value), form.Value.Name);
    }

    private async Task<Result<Built>> ReadScriptAsync(string id, JsonObject json, CancellationToken stop)
    {
        var script = ScriptDefinition.Read(json, id);
        if (!script.IsOk) return script.Problem;
        var check = await runner.CheckAsync(script.Value.Source, stop);
        // A script can be saved while the runner is away; what is wrong with it shows when it runs.
        if (check is { IsOk: true, Value: var found } && found["valid"] is JsonValue valid && !valid.GetValue<bool>())
            return KnownProblems.ScriptInvalid with { Field = "source", Detail = ScriptFault.Describe(found["error"]) };
        return new Built(script.Value.Write(), null);
    }

    private async Task<bool> IsMissingScriptAsync(string domain, string? id, CancellationToken stop) =>
        id is not null && await tables.Scripts.FindAsync(domain, id, stop) is null;

    private static Problem Missing(string field) => KnownProblems.FieldInvalid with { Field = field, Detail = "There is none of this id." };

    private sealed record Built(JsonObject Json, string? Name);
}
