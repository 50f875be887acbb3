using System.Text.Json.Nodes;
using ClickToDial.App.Adapters;
using ClickToDial.Core.Actions;
using ClickToDial.Core.Actions.Forms;

namespace ClickToDial.App.Actions.Builders;

/// <summary>Buttons, forms and scripts of all domains.</summary>
public sealed class ItemTables(StorageClients storage)
{
    public ItemTable Buttons { get; } = new(storage.Tables.GetTableClient(TableNames.Buttons));

    public ItemTable Forms { get; } = new(storage.Tables.GetTableClient(TableNames.Forms));

    public ItemTable Scripts { get; } = new(storage.Tables.GetTableClient(TableNames.Scripts));

    public async Task<Button?> ButtonAsync(string domain, string id, CancellationToken stop) =>
        await Buttons.FindAsync(domain, id, stop) is { } item ? ReadButton(item) : null;

    public async Task<FormDefinition?> FormAsync(string domain, string id, CancellationToken stop) =>
        await Forms.FindAsync(domain, id, stop) is { } item ? ReadForm(item) : null;

    public async Task<FormDefinition?> FormByNameAsync(string domain, string name, CancellationToken stop) =>
        await Forms.FindByNameAsync(domain, name, stop) is { } item ? ReadForm(item) : null;

    /// <summary>Null for one that our present rules would not take any more.</summary>
    public static Button? ReadButton(StoredItem item) => ButtonJson.Read(Bytes(item.Json), item.Id) is { IsOk: true } read ? read.Value : null;

    public static FormDefinition? ReadForm(StoredItem item) => FormJson.Read(item.Json, item.Id) is { IsOk: true } read ? read.Value : null;

    private static byte[] Bytes(JsonObject json) => System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());
}
