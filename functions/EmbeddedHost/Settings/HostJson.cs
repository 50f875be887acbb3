using System.Buffers;
using System.Globalization;
using ClickToDial.EmbeddedHost.Durable.Engine;
using Microsoft.Extensions.Configuration;

namespace ClickToDial.EmbeddedHost.Settings;

/// <summary>
/// host.json as far as this host acts on it, with everything wrong in it. Settings named
/// <c>AzureFunctionsJobHost__extensions__queues__batchSize</c> and the like outrank the file, as on the real host.
/// </summary>
internal sealed class HostJson
{
    private const string FileName = "host.json";
    private const string OverrideSection = "AzureFunctionsJobHost";

    private static readonly SearchValues<char> NotInPrefix = SearchValues.Create("{}?*~ \\");

    private static readonly string[] QueueKeys =
        ["batchSize", "newBatchThreshold", "visibilityTimeout", "maxDequeueCount", "maxPollingInterval", "messageEncoding"];

    private static readonly string[] HttpKeys =
        ["routePrefix", "maxConcurrentRequests", "maxOutstandingRequests", "dynamicThrottlesEnabled", "hsts", "customHeaders"];

    /// <summary>Those that this host does not act on steer connections and batches.</summary>
    private static readonly string[] ServiceBusKeys =
    [
        "maxConcurrentSessions", "sessionIdleTimeout", "prefetchCount", "maxAutoLockRenewalDuration", "clientRetryOptions", "transportType",
        "webProxy", "autoCompleteMessages", "maxConcurrentCalls", "maxMessageBatchSize", "minMessageBatchSize", "maxBatchWaitTime",
        "enableCrossEntityTransactions",
    ];

    private readonly List<string> _errors = [];

    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Stands before every route; "api" when absent, empty when so written.</summary>
    public string RoutePrefix { get; private init; } = "api";

    public QueueSettings Queues { get; private set; } = new();

    public ServiceBusSettings ServiceBus { get; private set; } = new();

    public DurableSettings Durable { get; private set; } = new();

    public static HostJson Load(string scriptRoot, IConfiguration settings)
    {
        var path = Path.Combine(scriptRoot, FileName);
        if (!File.Exists(path)) return Failed($"There is no {FileName} in '{scriptRoot}'.");
        try
        {
            var root = new ConfigurationBuilder()
                .AddJsonFile(path, optional: false, reloadOnChange: false)
                .AddConfiguration(settings.GetSection(OverrideSection))
                .Build();
            return Read(root);
        }
        catch (InvalidDataException e)
        {
            return Failed($"{FileName} is not valid JSON: {(e.InnerException ?? e).Message}");
        }
    }

    private static HostJson Failed(string error)
    {
        var result = new HostJson();
        result._errors.Add(error);
        return result;
    }

    private static HostJson Read(IConfiguration root)
    {
        var http = root.GetSection("extensions:http");
        var prefix = http["routePrefix"] ?? "api";
        var result = new HostJson { RoutePrefix = prefix.Trim('/') };
        if (root["version"] != "2.0") result._errors.Add($"{FileName}: version must be \"2.0\".");
        result.RefuseUnknown(http, HttpKeys);
        if (prefix.AsSpan().ContainsAny(NotInPrefix)) result._errors.Add($"{FileName}: extensions.http.routePrefix '{prefix}' is not a plain path.");
        var queues = root.GetSection("extensions:queues");
        result.RefuseUnknown(queues, QueueKeys);
        result.Queues = result.ReadQueues(queues);
        result.ServiceBus = result.ReadServiceBus(root.GetSection("extensions:serviceBus"));
        result.Durable = result.ReadDurable(root.GetSection("extensions:durableTask"));
        return result;
    }

    private QueueSettings ReadQueues(IConfigurationSection queues)
    {
        var batchSize = Integer(queues, "batchSize", 16, 1, 32);
        return new QueueSettings
        {
            BatchSize = batchSize,
            NewBatchThreshold = Integer(queues, "newBatchThreshold", batchSize / 2, 0, 1000),
            VisibilityTimeout = Span(queues, "visibilityTimeout", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromDays(7)),
            MaxDequeueCount = Integer(queues, "maxDequeueCount", 5, 1, int.MaxValue),
            MaxPollingInterval = Span(
                queues, "maxPollingInterval", TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1)),
            Encoding = Encoding(queues),
        };
    }

    private ServiceBusSettings ReadServiceBus(IConfigurationSection bus)
    {
        RefuseUnknown(bus, ServiceBusKeys);
        if (bus["autoCompleteMessages"] is { } text && !text.Equals("true", StringComparison.OrdinalIgnoreCase))
            _errors.Add($"{Name(bus, "autoCompleteMessages")} must be true: this host settles messages itself.");
        var absent = new ServiceBusSettings();
        return new ServiceBusSettings
        {
            MaxConcurrentSessions = Integer(bus, "maxConcurrentSessions", absent.MaxConcurrentSessions, 1, 10_000),
            SessionIdleTimeout = bus["sessionIdleTimeout"] is null
                ? null
                : Span(bus, "sessionIdleTimeout", TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1)),
            PrefetchCount = Integer(bus, "prefetchCount", absent.PrefetchCount, 0, 10_000),
            MaxAutoLockRenewal = Span(bus, "maxAutoLockRenewalDuration", absent.MaxAutoLockRenewal, TimeSpan.Zero, TimeSpan.FromDays(1)),
        };
    }

    /// <summary>Other settings of this section steer the real engine's storage and tracing and mean nothing here.</summary>
    private DurableSettings ReadDurable(IConfigurationSection durable)
    {
        var hub = durable["hubName"] ?? DurableSettings.DefaultHub;
        if (hub.Length is < 3 or > 45 || !char.IsAsciiLetter(hub[0]) || !hub.All(char.IsAsciiLetterOrDigit))
            _errors.Add($"{Name(durable, "hubName")} must have 3 to 45 letters and digits, a letter first, not '{hub}'.");
        return new DurableSettings
        {
            HubName = hub,
            MaxConcurrentActivities = Integer(durable, "maxConcurrentActivityFunctions", 64, 1, 10_000),
            KeepsCode = Flag(durable, "extendedSessionsEnabled"),
            KeepsCodeFor = TimeSpan.FromSeconds(Integer(durable, "extendedSessionIdleTimeoutInSeconds", 30, 1, 86_400)),
        };
    }

    private QueueMessageEncoding Encoding(IConfigurationSection queues)
    {
        if (queues["messageEncoding"] is not { } text) return QueueMessageEncoding.Base64;
        if (text.Equals("base64", StringComparison.OrdinalIgnoreCase)) return QueueMessageEncoding.Base64;
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase)) return QueueMessageEncoding.None;
        _errors.Add($"{Name(queues, "messageEncoding")} must be \"base64\" or \"none\", not '{text}'.");
        return QueueMessageEncoding.Base64;
    }

    private int Integer(IConfigurationSection section, string key, int absent, int least, int most)
    {
        if (section[key] is not { } text) return absent;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        _errors.Add($"{Name(section, key)} must be a whole number from {least} to {most}, not '{text}'.");
        return absent;
    }

    private bool Flag(IConfigurationSection section, string key)
    {
        if (section[key] is not { } text) return false;
        if (bool.TryParse(text, out var value)) return value;
        _errors.Add($"{Name(section, key)} must be true or false, not '{text}'.");
        return false;
    }

    private TimeSpan Span(IConfigurationSection section, string key, TimeSpan absent, TimeSpan least, TimeSpan most)
    {
        if (section[key] is not { } text) return absent;
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
        _errors.Add($"{Name(section, key)} must be a time span from {least:c} to {most:c}, not '{text}'.");
        return absent;
    }

    private void RefuseUnknown(IConfigurationSection section, string[] known)
    {
        foreach (var child in section.GetChildren())
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)) _errors.Add($"{Name(section, child.Key)} is not a known setting.");
    }

    private static string Name(IConfigurationSection section, string key) =>
        $"{FileName}: {section.Path.Replace(':', '.')}.{key}";
}
