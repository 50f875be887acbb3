using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.App.Sealing;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Directory;
using ClickToDial.Core.Access;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Links;
using ClickToDial.Core.PbxApi;
using ClickToDial.Core.Secrets;

namespace ClickToDial.App.Directory;

/// <summary>The directory as table entities, and back. Secrets are sealed for the row they stand in.</summary>
public sealed class DirectoryEntities(SecretBox box)
{
    /// <summary>Partition of tables that are read as a whole.</summary>
    public const string Everything = "all";

    private const string KeyColumn = "KeyId";

    /// <summary>What it seals.</summary>
    public static IReadOnlyList<SealedTable> Sealed { get; } =
    [
        Holds(TableNames.Domains, Everything, "Hooks"),
        Holds(TableNames.Users, partition: null, "LinkPassword"),
        Holds(TableNames.Devices, partition: null, "Ha1Md5", "Ha1Sha256"),
        Holds(TableNames.Trunks, Everything, "Password"),
    ];

    public TableEntity Write(SeedDomain domain)
    {
        var entity = new TableEntity(Everything, domain.Name)
        {
            ["TimeZone"] = domain.TimeZone,
            ["Origins"] = Texts(domain.Origins ?? []),
            ["Policy"] = JsonSerializer.Serialize(domain.Policy ?? new SeedPolicy(), SeedJson.Default.SeedPolicy),
            ["HoldMusic"] = domain.Sounds?.HoldMusic,
            ["Language"] = domain.Sounds?.Language,
            ["Links"] = JsonSerializer.Serialize(domain.Links ?? LinkSettings.Default, SeedJson.Default.LinkSettings),
            ["Aliases"] = JsonSerializer.Serialize(domain.Aliases ?? new Dictionary<string, string>(), SeedJson.Default.IReadOnlyDictionaryStringString),
        };
        // A URL often has a token in it.
        if (domain.Hooks is { } hooks) Seal(entity, TableNames.Domains, "Hooks", JsonSerializer.Serialize(hooks, SeedJson.Default.DomainHooks));
        return entity;
    }

    public TableEntity Write(string domain, SeedUser user)
    {
        var entity = new TableEntity(domain, user.Name)
        {
            ["DisplayName"] = user.DisplayName,
            ["CallerId"] = user.CallerId,
            ["Numbers"] = Texts(user.Numbers ?? []),
            ["ForwardTo"] = user.ForwardTo,
        };
        if (user.LinkPassword is { } password) Seal(entity, TableNames.Users, "LinkPassword", password);
        return entity;
    }

    public TableEntity Write(string domain, string user, SeedDevice device)
    {
        var entity = new TableEntity(domain, device.UserName) { ["User"] = user, ["Srtp"] = device.Srtp?.ToString() };
        Seal(entity, TableNames.Devices, "Ha1Md5", DigestHash.Md5(device.UserName, domain, device.Password));
        Seal(entity, TableNames.Devices, "Ha1Sha256", DigestHash.Sha256(device.UserName, domain, device.Password));
        return entity;
    }

    public TableEntity Write(SeedTrunk trunk)
    {
        var entity = new TableEntity(Everything, trunk.Name)
        {
            ["Prefixes"] = Texts(trunk.Prefixes),
            ["Address"] = trunk.Address,
            ["UserName"] = trunk.UserName,
            ["CallerId"] = trunk.CallerId,
            ["Domains"] = Texts(trunk.Domains ?? []),
            ["Enabled"] = trunk.Enabled,
            ["Srtp"] = trunk.Srtp?.ToString(),
            ["Settings"] = trunk.Settings is { } settings ? JsonSerializer.Serialize(settings, ContractsJson.Default.TrunkSettings) : null,
        };
        if (trunk.Password is { } password) Seal(entity, TableNames.Trunks, "Password", password);
        return entity;
    }

    public static TableEntity Write(SeedKey key)
    {
        if (!ApiKey.TryParse(key.Key, out var parsed)) throw new FormatException("An API key of the seed is not readable.");
        return new TableEntity(Everything, parsed.Id)
        {
            ["Domain"] = key.Domain,
            ["SecretHash"] = parsed.Hash(),
            ["Scopes"] = Texts(key.Scopes),
            ["Enabled"] = true,
            ["Name"] = key.Name,
            ["AllowFrom"] = Texts(key.AllowFrom ?? []),
        };
    }

    public static TableEntity Write(ApiKeyRecord key) => new(Everything, key.Id)
    {
        ["Domain"] = key.Domain,
        ["SecretHash"] = key.SecretHash,
        ["Scopes"] = Texts(ApiScopeNames.Of(key.Scopes)),
        ["Enabled"] = key.Enabled,
        ["Name"] = key.Name,
        ["AllowFrom"] = Texts(key.AllowFrom ?? []),
        ["CreatedAt"] = key.CreatedAt,
        ["ExpiresAt"] = key.ExpiresAt,
        ["RequestsPerMinute"] = key.RequestsPerMinute,
    };

    public DomainView ReadDomain(TableEntity e, IEnumerable<TableEntity> users)
    {
        var rows = users.ToList();
        return new DomainView(
            e.RowKey,
            rows.ToFrozenDictionary(u => u.RowKey, u => u.GetString("CallerId"), StringComparer.Ordinal)!,
            Texts(e, "Origins").ToFrozenSet(StringComparer.Ordinal),
            ReadPolicy(e, rows),
            LocalDays.TryFind(e.GetString("TimeZone"), out var zone) ? zone : null)
        {
            Links = e.GetString("Links") is { } links ? JsonSerializer.Deserialize(links, SeedJson.Default.LinkSettings)! : LinkSettings.Default,
            LinkPasswords = rows.Select(u => (u.RowKey, Password: LinkPassword(u))).Where(u => u.Password is not null)
                .ToFrozenDictionary(u => u.RowKey, u => u.Password!, StringComparer.Ordinal),
            Aliases = (e.GetString("Aliases") is { } json ? JsonSerializer.Deserialize(json, SeedJson.Default.IReadOnlyDictionaryStringString)! : new Dictionary<string, string>())
                .ToFrozenDictionary(StringComparer.Ordinal),
        };
    }

    // One that cannot be opened is none: it takes nobody's other ways to call away.
    private string? LinkPassword(TableEntity user)
    {
        try
        {
            return Open(user, TableNames.Users, "LinkPassword");
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public DomainHooks? ReadHooks(TableEntity e) =>
        Open(e, TableNames.Domains, "Hooks") is { } json ? JsonSerializer.Deserialize(json, SeedJson.Default.DomainHooks) : null;

    /// <summary>What the worker holds devices to that dial by themselves: the domain's policy for sessions.</summary>
    public static DomainPolicy ReadDevicePolicy(TableEntity e, IEnumerable<TableEntity> users)
    {
        var policy = ReadPolicy(e, users);
        return new DomainPolicy(
            policy.Allow, policy.AllDenied(), policy.UserLimits.AtOnce, policy.MaxCallSeconds, RecordCalls: WrittenPolicy(e).RecordCalls ?? false);
    }

    private static DestinationPolicy ReadPolicy(TableEntity e, IEnumerable<TableEntity> users) => PolicyReader.Read(
        WrittenPolicy(e), users.SelectMany(u => u.GetString("CallerId") is { } id ? Texts(u, "Numbers").Append(id) : Texts(u, "Numbers")));

    private static SeedPolicy WrittenPolicy(TableEntity e) =>
        e.GetString("Policy") is { } json ? JsonSerializer.Deserialize(json, SeedJson.Default.SeedPolicy)! : new SeedPolicy();

    /// <summary>What the domain's calls hear of the worker; null where nothing was said.</summary>
    public static DomainSounds? ReadSounds(TableEntity e) => (e["HoldMusic"] as string, e["Language"] as string) switch
    {
        (null, null) => null,
        var (music, language) => new DomainSounds(music, language),
    };

    public static UserEntry ReadUser(TableEntity e, IReadOnlyList<DeviceEntry> devices) =>
        new(e.RowKey, e.GetString("DisplayName"), e.GetString("CallerId"), devices, Filled(Texts(e, "Numbers")), e.GetString("ForwardTo"));

    public DeviceEntry ReadDevice(TableEntity e) =>
        new(e.RowKey, Need(e, "Ha1Md5"), Need(e, "Ha1Sha256"), Protection(e));

    public TrunkEntry ReadTrunk(TableEntity e) => new(
        e.RowKey, Texts(e, "Prefixes"), e.GetString("Address"), e.GetString("UserName"), Open(e, TableNames.Trunks, "Password"),
        e.GetString("CallerId"), Filled(Texts(e, "Domains")),
        e.GetString("Settings") is { } settings ? JsonSerializer.Deserialize(settings, ContractsJson.Default.TrunkSettings) : null,
        Srtp: Protection(e));

    public static ApiKeyRecord ReadKey(TableEntity e) => new(
        e.RowKey,
        e.GetString("Domain"),
        e.GetString("SecretHash"),
        Texts(e, "Scopes").Aggregate(ApiScopes.None, (all, name) => ApiScopeNames.TryParse(name, out var scope) ? all | scope : all),
        e.GetBoolean("Enabled") ?? false,
        e.GetString("Name"),
        Texts(e, "AllowFrom"),
        e.GetDateTimeOffset("CreatedAt"),
        e.GetDateTimeOffset("ExpiresAt"),
        e.GetInt32("RequestsPerMinute"));

    private static MediaProtection? Protection(TableEntity e) => Enum.TryParse<MediaProtection>(e.GetString("Srtp"), out var value) ? value : null;

    private static SealedTable Holds(string table, string? partition, params string[] columns) =>
        new(table, [.. columns.Select(column => new SealedColumn(column, column + KeyColumn, (part, row) => Place(table, part, row, column)))], partition);

    private static string Place(TableEntity e, string table, string column) => Place(table, e.PartitionKey, e.RowKey, column);

    private static string Place(string table, string partition, string row, string column) => $"{table}/{partition}/{row}/{column}";

    private void Seal(TableEntity e, string table, string column, string secret)
    {
        var sealedSecret = box.Seal(secret, Place(e, table, column));
        e[column] = sealedSecret.Bytes;
        e[column + KeyColumn] = sealedSecret.KeyId;
    }

    private string Need(TableEntity e, string column) =>
        Open(e, TableNames.Devices, column) ?? throw new FormatException("A device has no digest hash.");

    private string? Open(TableEntity e, string table, string column) =>
        e.GetBinary(column) is { } bytes
            ? box.Open(new SealedSecret(e.GetString(column + KeyColumn), bytes), Place(e, table, column))
            : null;

    private static IReadOnlyList<string>? Filled(IReadOnlyList<string> texts) => texts.Count > 0 ? texts : null;

    private static string Texts(IReadOnlyList<string> texts) => JsonSerializer.Serialize(texts, AppJson.Default.IReadOnlyListString);

    private static IReadOnlyList<string> Texts(TableEntity e, string column) =>
        e.GetString(column) is { } json ? JsonSerializer.Deserialize(json, AppJson.Default.IReadOnlyListString)! : [];
}
