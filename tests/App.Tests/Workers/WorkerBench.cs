using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.App.Calls;
using ClickToDial.App.Directory;
using ClickToDial.App.Tests.Support;
using ClickToDial.App.Workers;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Problems;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Time;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.App.Tests.Workers;

/// <summary>Two workers, who are found by what is said of them only, and the functions' view of them on a clock that stands.</summary>
internal sealed class WorkerBench : IAsyncDisposable
{
    public const string Domain = "announce.test";

    private readonly CallWorkerOptions _options = new() { Discover = true, DiscoverNetworks = ["127.0.0.0/8"], ControlToken = WorkerPeer.ControlToken };

    private WorkerBench(StorageClients storage, int goneSeconds, WorkerPeer first, WorkerPeer second)
    {
        (First, Second) = (first, second);
        Assert.Empty(_options.Faults());
        Register = new WorkerRegister(storage, new CallOptions { WorkerGoneSeconds = goneSeconds }, Clock);
        Pool = new WorkerPool(_options, Clock, NullLogger<HttpWorkerClient>.Instance, Register);
    }

    public ManualTimeProvider Clock { get; } = new();

    public WorkerPeer First { get; }

    public WorkerPeer Second { get; }

    public WorkerRegister Register { get; }

    public WorkerPool Pool { get; }

    public static async Task<WorkerBench> StartAsync(AppRig app, int goneSeconds = 600)
    {
        AzuriteFixture.SkipIfMissing();
        var storage = app.Services.GetRequiredService<StorageClients>();
        // What earlier tests said.
        var table = storage.Tables.GetTableClient(TableNames.Workers);
        await foreach (var row in table.QueryAsync<TableEntity>()) await table.DeleteEntityAsync(row);
        return new WorkerBench(storage, goneSeconds, await WorkerPeer.StartAsync(), await WorkerPeer.StartAsync());
    }

    public Task SeenAsync(string name, WorkerPeer worker) => Register.SeenAsync(name, worker.Url.ToString(), default);

    /// <summary>What a worker is answered that says where it is, by the functions' own function on this clock.</summary>
    public async Task<WorkerFellows> ToldAsync(AppRig app, string name, string url)
    {
        var http = new DefaultHttpContext { RequestServices = app.Services, Request = { Method = "PUT", Body = new MemoryStream(Encoding.UTF8.GetBytes(url)) } };
        http.Request.Headers.Authorization = $"Bearer {AppRig.WorkerToken}";
        using var answer = new MemoryStream();
        http.Response.Body = answer;
        var announce = new AnnounceWorker(app.Services.GetRequiredService<WorkerTokens>(), Register, _options);
        await (await announce.Run(http.Request, name, default)).ExecuteAsync(http);
        return JsonSerializer.Deserialize(answer.ToArray(), ContractsJson.Default.WorkerFellows)!;
    }

    public Task<Result<CallSnapshot>> PlaceAsync(string id) => Pool.OriginateAsync(CallId.Parse(id), new OriginateCommand(Domain, "101", "echo"), false, default);

    public async ValueTask DisposeAsync()
    {
        Pool.Dispose();
        Register.Dispose();
        await First.DisposeAsync();
        await Second.DisposeAsync();
    }
}
