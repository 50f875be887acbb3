using System.Text.Json.Nodes;

namespace ClickToDial.TestKit.Suite;

/// <summary>The seed of one suite: the sample of the repository with random secrets, and what a test adds to it.</summary>
public sealed class SuiteSeed
{
    private readonly JsonObject _seed;
    private readonly JsonObject _domain;

    public SuiteSeed(SuiteSecrets secrets)
    {
        _seed = JsonNode.Parse(secrets.Fill(File.ReadAllText(Product.SeedSample)))!.AsObject();
        _domain = _seed["domains"]![0]!.AsObject();
        Domain = Text(_domain, "name");
        ApiKey = Text(_seed["apiKeys"]![0]!, "key");
    }

    /// <summary>Name of the first domain.</summary>
    public string Domain { get; }

    /// <summary>The first key of the sample.</summary>
    public string ApiKey { get; }

    /// <summary>Adds a user with devices to the first domain; all passwords are "&lt;device&gt;-password".</summary>
    public void AddUser(string name, string? callerId, params string[] devices)
    {
        var user = NewUser(name, devices);
        if (callerId is not null) user["callerId"] = callerId;
        _domain["users"]!.AsArray().Add((JsonNode)user);
    }

    /// <summary>Adds a domain whose browsers a back end of its own is asked about; each user has a device of the same name, whose password is "&lt;name&gt;-password".</summary>
    /// <param name="origin">Of its pages.</param>
    /// <param name="hooks">Where the back end is.</param>
    /// <returns>A key of the domain for session tokens.</returns>
    public string AddDomain(string name, string origin, string hooks, params string[] users)
    {
        var key = $"ctd_{name.Split('.')[0]}_{ApiKey.Split('_')[^1]}";
        _seed["domains"]!.AsArray().Add((JsonNode)new JsonObject
        {
            ["name"] = name,
            ["origins"] = new JsonArray(origin),
            ["hooks"] = new JsonObject { ["url"] = hooks, ["signing"] = "none", ["timeoutSeconds"] = 20 },
            ["users"] = new JsonArray([.. users.Select(u => NewUser(u, u))]),
        });
        _seed["apiKeys"]!.AsArray().Add((JsonNode)new JsonObject { ["key"] = key, ["domain"] = name, ["scopes"] = new JsonArray("sessions") });
        return key;
    }

    /// <summary>Pages of that origin may use the API with tokens of the first domain.</summary>
    public void AddOrigin(string origin) => _domain["origins"]!.AsArray().Add(JsonValue.Create(origin));

    /// <summary>A word for a destination of the first domain, which pages need not know.</summary>
    public void AddAlias(string alias, string destination)
    {
        var aliases = _domain["aliases"] as JsonObject ?? [];
        if (aliases.Parent is null) _domain["aliases"] = aliases;
        aliases[alias] = destination;
    }

    public void AddTrunk(string name, string prefix, string address)
    {
        var trunks = _seed["trunks"] as JsonArray ?? [];
        if (trunks.Parent is null) _seed["trunks"] = trunks;
        trunks.Add((JsonNode)new JsonObject { ["name"] = name, ["prefixes"] = new JsonArray(prefix), ["address"] = address });
    }

    /// <summary>Replaces the domain's destination policy.</summary>
    public void SetPolicy(JsonObject policy) => _domain["policy"] = policy;

    /// <summary>The password of a device.</summary>
    public string PasswordOf(string device) =>
        _domain["users"]!.AsArray().SelectMany(u => u!["devices"]!.AsArray())
            .Where(d => Text(d!, "userName") == device)
            .Select(d => Text(d!, "password"))
            .Single();

    public void WriteTo(string path) => File.WriteAllText(path, _seed.ToJsonString());

    private static JsonObject NewUser(string name, params string[] devices) => new()
    {
        ["name"] = name,
        ["devices"] = new JsonArray([.. devices.Select(d => new JsonObject { ["userName"] = d, ["password"] = $"{d}-password" })]),
    };

    private static string Text(JsonNode node, string member) => node[member]!.GetValue<string>();
}
