using System.Globalization;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Processes;
using Xunit;

namespace ClickToDial.TestKit.Azure;

/// <summary>
/// A real Azurite on free ports with its data in a folder of its own: one for a test assembly, whose tests each use names of
/// their own in it. It can be stopped, killed and started again on the same ports with the same data, to test outages.
/// Stopping keeps all data; killing may lose the writes of the last seconds, as Azurite saves by and by.
/// </summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    /// <summary>The account that every Azurite knows; its key is public and opens nothing else.</summary>
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly string[] Services = ["Blob", "Queue", "Table"];
    private readonly Lazy<DirectoryInfo> _temporary = new(() => Directory.CreateTempSubdirectory("azurite-"));
    private readonly Dictionary<string, int> _ports = Services.ToDictionary(s => s, _ => PortBlock.NextOfProcess());
    private ChildProcess? _process;

    /// <summary>Where its data is, and stays; null for a folder that goes with it.</summary>
    public DirectoryInfo? Data { get; init; }

    /// <summary>For all three services.</summary>
    public string ConnectionString => ConnectionStringWith(TableEndpoint);

    public Uri BlobEndpoint => Endpoint("Blob");

    public Uri QueueEndpoint => Endpoint("Queue");

    public Uri TableEndpoint => Endpoint("Table");

    public bool IsRunning => _process is { IsRunning: true };

    /// <summary>For all three services, of which tables are behind some other server.</summary>
    public string ConnectionStringWith(Uri tables) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={BlobEndpoint};QueueEndpoint={QueueEndpoint};TableEndpoint={tables};";

    /// <summary>Ends the current test as skipped, with the reason, when Azurite cannot run here.</summary>
    public static void SkipIfMissing() => Assert.SkipWhen(AzuriteTool.Missing is not null, AzuriteTool.Missing ?? "");

    /// <summary>Starts it when it is there; tests begin with <see cref="SkipIfMissing"/>.</summary>
    public async ValueTask InitializeAsync()
    {
        if (AzuriteTool.Missing is null) await StartAsync();
    }

    /// <summary>Starts it, or starts it again where it was; returns when all three services listen.</summary>
    public async Task StartAsync()
    {
        if (IsRunning) return;
        if (_process is not null) await _process.DisposeAsync();
        _process = ChildProcess.Start(new ChildProcessOptions("azurite", Tool.Node.Path!, Arguments()));
        foreach (var service in Services) await _process.SaysAsync(l => Listening(service, l), $"{service} service listening", Patience.Start);
    }

    /// <summary>Ends it in order; data is kept.</summary>
    public async Task StopAsync()
    {
        if (_process is not null) await _process.TerminateAsync();
    }

    /// <summary>Makes it hang: connections are taken, and nothing answers until <see cref="Resume"/>.</summary>
    public void Pause() => _process?.Signal(ProcessSignal.Stop);

    public void Resume() => _process?.Signal(ProcessSignal.Continue);

    /// <summary>Ends it at once.</summary>
    public async Task KillAsync()
    {
        if (_process is not null) await _process.KillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        if (_temporary.IsValueCreated) _temporary.Value.Delete(recursive: true);
    }

    private string[] Arguments() =>
    [
        AzuriteTool.Path!, "--silent", "--disableTelemetry", "--location", (Data ?? _temporary.Value).FullName,
        .. Services.SelectMany(s => new[] { $"--{s.ToLowerInvariant()}Port", _ports[s].ToString(CultureInfo.InvariantCulture) }),
    ];

    private Uri Endpoint(string service) => new($"http://127.0.0.1:{_ports[service]}/{Account}");

    private static bool Listening(string service, string line) =>
        line.Contains($"{service} service is successfully listening", StringComparison.Ordinal);
}
