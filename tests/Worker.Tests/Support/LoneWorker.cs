using System.Net;
using ClickToDial.Contracts.Directory;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Peers;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.Worker.Tests.Support;

/// <summary>A worker process with a directory and settings of the test's own.</summary>
public sealed class LoneWorker : IAsyncDisposable
{
    public const string Domain = "process.test";
    public const string Password = "secret";

    private readonly PortBlock _ports = PortBlock.Take();
    private readonly string _folder = Directory.CreateTempSubdirectory("worker-test-").FullName;

    private LoneWorker()
    {
    }

    public FunctionsPeer Functions { get; private set; } = null!;

    public WorkerSettings Settings { get; private set; } = null!;

    public SuitePart Part { get; private set; } = null!;

    public WorkerClient Api { get; private set; } = null!;

    public IPEndPoint Sip => new(IPAddress.Loopback, Settings.SipPort);

    /// <param name="users">Each has one device of the same name.</param>
    /// <param name="change">What the directory says of each otherwise.</param>
    /// <param name="directory">What it says otherwise as a whole.</param>
    public static async Task<LoneWorker> StartAsync(
        IReadOnlyList<string> users, IReadOnlyDictionary<string, string?>? more = null, Func<UserEntry, UserEntry>? change = null,
        Func<DirectorySnapshot, DirectorySnapshot>? directory = null)
    {
        var worker = new LoneWorker();
        try
        {
            await worker.BeginAsync(users, more ?? new Dictionary<string, string?>(), change ?? (user => user), directory ?? (all => all));
            return worker;
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    /// <summary>A phone of a user, with one tone.</summary>
    /// <param name="registrar">Where it reaches the worker; null for the worker's own address.</param>
    public PhoneSettings PhoneOf(string user, double hertz, IPEndPoint? registrar = null) =>
        new(registrar ?? Sip, Domain, user, Password, hertz) { OnCall = IncomingCall.Answer };

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (Part is not null) await Part.DisposeAsync();
        if (Functions is not null) await Functions.DisposeAsync();
        _ports.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task BeginAsync(IReadOnlyList<string> users, IReadOnlyDictionary<string, string?> more, Func<UserEntry, UserEntry> change, Func<DirectorySnapshot, DirectorySnapshot> directory)
    {
        var entries = users.Select(user => change(DirectoryOf.User(user, null, DirectoryOf.Device(user, Domain, Password)))).ToArray();
        Functions = await FunctionsPeer.StartAsync(directory(new DirectorySnapshot([DirectoryOf.Domain(Domain, entries)], [])), _ports.Next());
        Settings = new WorkerSettings(Functions.Url, "control-token-of-the-test", Functions.WorkerToken, Functions.PbxToken, _folder, _ports) { More = more };
        Part = Settings.Part();
        await Part.StartAsync();
        Api = new WorkerClient(Settings.ControlUrl, Settings.ControlToken);
    }
}
