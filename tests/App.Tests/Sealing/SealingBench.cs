using Azure;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.App.Directory;
using ClickToDial.Contracts.Directory;
using ClickToDial.Core.Deliveries;
using ClickToDial.Core.Directory;
using ClickToDial.TestKit.Time;

namespace ClickToDial.App.Tests.Sealing;

/// <summary>Real tables, empty at first, for instances that seal what is in them.</summary>
internal sealed class SealingBench(string storage) : IDisposable
{
    public const string Domain = "sealed.test";

    private static readonly string[] Tables = [TableNames.Domains, TableNames.Users, TableNames.Devices, TableNames.Trunks, TableNames.ScriptSecrets, TableNames.Webhooks];

    private readonly List<SealingInstance> _instances = [];

    public ManualTimeProvider Clock { get; } = new();

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async Task ClearAsync()
    {
        foreach (var name in Tables)
        {
            await Table(name).CreateIfNotExistsAsync(Stop);
            await foreach (var row in Table(name).QueryAsync<TableEntity>(select: ["PartitionKey", "RowKey"], cancellationToken: Stop))
                await Table(name).DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, Stop);
        }
    }

    public SealingInstance Instance(params string[] keys)
    {
        var instance = new SealingInstance(storage, Clock, keys);
        _instances.Add(instance);
        return instance;
    }

    public void Dispose() => _instances.ForEach(instance => instance.Dispose());

    public TableClient Table(string name) => new(storage, name);

    /// <summary>Of everything that is sealed, one, and of devices two.</summary>
    public async Task FillAsync(SealingInstance by)
    {
        await PutAsync(TableNames.Domains, by.Entities.Write(new SeedDomain(Domain, [], Hooks: new DomainHooks("https://hooks.test/?token=abc", "secret-of-hooks"))));
        await PutAsync(TableNames.Users, by.Entities.Write(Domain, new SeedUser("101", [], DisplayName: "Ann", LinkPassword: "link-password")));
        await PutAsync(TableNames.Users, by.Entities.Write(Domain, new SeedUser("102", [])));
        await PutAsync(TableNames.Devices, by.Entities.Write(Domain, "101", new SeedDevice("101-a", "device-password-a")));
        await PutAsync(TableNames.Devices, by.Entities.Write(Domain, "101", new SeedDevice("101-b", "device-password-b")));
        await PutAsync(TableNames.Trunks, by.Entities.Write(new SeedTrunk("carrier", ["+"], "sip:carrier.test", "user", "trunk-password")));
        await by.Scripts.SetAsync(Domain, "crm", "script-secret", Stop);
        await by.Subscriptions.AddAsync(Subscriber("hook-1", "https://subscriber.test/?key=xyz"), Stop);
    }

    /// <summary>Fails unless this instance reads everything as it was filled in.</summary>
    public async Task ReadAllAsync(SealingInstance by)
    {
        var domain = await RowAsync(TableNames.Domains, DirectoryEntities.Everything, Domain);
        var users = new[] { await RowAsync(TableNames.Users, Domain, "101"), await RowAsync(TableNames.Users, Domain, "102") };
        Assert.Equal("secret-of-hooks", by.Entities.ReadHooks(domain)!.Secret);
        Assert.Equal([("101", "link-password")], by.Entities.ReadDomain(domain, users).LinkPasswords.Select(p => (p.Key, p.Value)));
        Assert.Equal("Ann", users[0].GetString("DisplayName"));
        foreach (var device in (string[])["a", "b"])
        {
            var read = by.Entities.ReadDevice(await RowAsync(TableNames.Devices, Domain, "101-" + device));
            Assert.Equal(Core.Directory.DigestHash.Md5("101-" + device, Domain, "device-password-" + device), read.Ha1Md5);
            Assert.Equal(Core.Directory.DigestHash.Sha256("101-" + device, Domain, "device-password-" + device), read.Ha1Sha256);
        }

        var trunk = by.Entities.ReadTrunk(await RowAsync(TableNames.Trunks, DirectoryEntities.Everything, "carrier"));
        Assert.Equal(("sip:carrier.test", "trunk-password"), (trunk.Address, trunk.Password));
        Assert.Equal("script-secret", await by.Scripts.GetAsync(Domain, "crm", Stop));
        var subscription = (await by.Subscriptions.FindAsync(Domain, "hook-1", Stop))!;
        Assert.Equal(("https://subscriber.test/?key=xyz", "token-of-hook-1"), (subscription.Url.AbsoluteUri, subscription.Secrets.Token));
    }

    /// <summary>The ids of keys that any row names, whoever has written it.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync()
    {
        var keys = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var name in Tables)
            await foreach (var row in Table(name).QueryAsync<TableEntity>(cancellationToken: Stop))
                keys.UnionWith(row.Where(column => column.Key.EndsWith("KeyId", StringComparison.Ordinal)).Select(column => $"{column.Value}"));
        return [.. keys];
    }

    public async Task<TableEntity> RowAsync(string table, string partition, string row) =>
        (await Table(table).GetEntityAsync<TableEntity>(partition, row, cancellationToken: Stop)).Value;

    public Task PutAsync(string table, TableEntity row) => Table(table).UpsertEntityAsync(row, TableUpdateMode.Replace, Stop);

    public static Subscription Subscriber(string id, string url) => new(
        id, Domain, new Uri(url), PayloadStyle.CallEvent, [], true, null, DateTimeOffset.UnixEpoch,
        new WebhookSecrets([new WebhookSecret("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")], "token-of-" + id, new Dictionary<string, string>()));
}
