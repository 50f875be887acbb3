using System.Globalization;
using System.Net;
using System.Text.Json;
using ClickToDial.Calls.Bridging;
using ClickToDial.Calls.Control;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Events;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Directory;
using ClickToDial.Media.Plane;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Peers;
using ClickToDial.TestKit.Phones;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Calls.Tests.Load;

/// <summary>Tests that look at the whole process, and so have it to themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeProcess
{
    public const string Name = "the whole process";
}

/// <summary>
/// Many short calls of two legs through a whole worker; afterwards it keeps what it kept before. <c>./dev bench sip-soak</c>
/// runs it with 100,000 calls, set by CTD_SOAK_CALLS.
/// </summary>
[Collection(WholeProcess.Name)]
public sealed class CallSoakTests : IAsyncLifetime
{
    private const string Domain = "soak.test";
    private const string Password = "secret";
    private const int AtOnce = 20; // Two legs each, a pair of ports for each leg.
    private const int EndedKept = 200;

    // By call that one would leave behind; what is smaller cannot be told from the runtime's own.
    private const int AllowedBytesPerCall = 100;
    private const int AllowedBytes = 6 * 1024 * 1024;

    // Connections to the functions come and go with the load, both ends of each in this process.
    private const int AllowedFiles = 64;

    private readonly PortBlock _ports = PortBlock.Take();
    private readonly TempFolder _folder = new();
    private readonly EventSink _functions = new(DirectoryJson());
    private CallServer _server = null!;
    private AnsweringPeer _user = null!;
    private AnsweringPeer _destination = null!;

    private static OriginateCommand Command { get; } = new(Domain, "user", "destination", MaxDurationSeconds: 5);

    private static int Calls { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("CTD_SOAK_CALLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var calls) ? calls : 1000;

    public async ValueTask InitializeAsync()
    {
        var (first, last) = _ports.NextRange(90);
        var media = new MediaOptions { BindAddress = "127.0.0.1", FirstPort = first, LastPort = last, QuarantineSeconds = 0 };
        var sip = new SipEndpointOptions
        {
            Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, _ports.Next()))],
            Timers = TransactionTimers.Rfc3261 with { T1 = TimeSpan.FromMilliseconds(100) },
        };
        var options = new CallServerOptions(
            new CallOptions("soak") { EndedKept = EndedKept },
            new EventOptions(_folder.Sub("events"), "soak") { EndedKept = EndedKept },
            new DirectoryOptions(_functions.Url, "token"),
            sip,
            media)
        {
            BindingFile = _folder.Sub("registrations.jsonl"),
            PbxToken = "token",
        };
        _server = await CallServer.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance);
        await _server.DirectoryKnown.WaitAsync(Patience.Limit);
        var address = _server.Listening[0].Address;
        _user = new AnsweringPeer(new PhoneSettings(address, Domain, "user", Password, 0)) { RemembersEnded = false };
        _destination = new AnsweringPeer(new PhoneSettings(address, Domain, "destination", Password, 0), hangsUp: _ => true) { RemembersEnded = false };
        await _user.RegisterAsync();
        await _destination.RegisterAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _user.DisposeAsync();
        await _destination.DisposeAsync();
        _functions.Dispose();
        _folder.Dispose();
        _ports.Dispose();
    }

    [Fact]
    public async Task ManyCallsLater_TheWorkerKeepsWhatItKeptBefore()
    {
        await CallAsync(EndedKept * 2); // Pools, caches and code are there afterwards.
        var before = await SettledAsync();

        await CallAsync(Calls);

        var after = await SettledAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{Calls} calls: heap {before.Heap} -> {after.Heap}, files {before.Files} -> {after.Files}, {after.Sip}");
        Assert.Equal(new SipLoad(0, 0, 0, 0), after.Sip);
        Assert.Equal(0, _server.Media.OpenLegs);
        Assert.Equal(0, _server.Health.Calls);
        Assert.InRange(after.Files, 0, before.Files + AllowedFiles);
        Assert.InRange(after.Heap, 0, before.Heap + AllowedBytes + ((long)Calls * AllowedBytesPerCall));
    }

    // So many at once; the next begins when the functions have taken the end of another.
    private async Task CallAsync(int calls)
    {
        var ended = _functions.Ended + calls;
        using var places = new SemaphoreSlim(AtOnce);
        _functions.OnEnded = () => places.Release();
        for (var i = 0; i < calls; i++)
        {
            await WaitAsync(places);
            var answer = await _server.Calls.OriginateAsync(CallId.Parse($"soak-{i}-{Guid.NewGuid():N}"), Command, TestContext.Current.CancellationToken);
            Assert.Equal(OriginateVerdict.Accepted, answer.Verdict);
        }
        for (var i = 0; i < AtOnce; i++) await WaitAsync(places);
        _functions.OnEnded = null;
        Assert.Equal(ended, _functions.Ended);
        Assert.True(ended == _functions.Answered, $"{ended - _functions.Answered} calls were not answered: {_functions.Unanswered}");

        static async Task WaitAsync(SemaphoreSlim places) => Assert.True(await places.WaitAsync(Patience.Limit), "A call does not end.");
    }

    // Transactions linger for 64*T1 before they go.
    private async Task<(long Heap, int Files, SipLoad Sip)> SettledAsync()
    {
        var load = await _server.Sip.MeasureLoadAsync();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (load != new SipLoad(0, 0, 0, 0) && !limit.IsCancellationRequested)
        {
            await pace.WaitForNextTickAsync();
            load = await _server.Sip.MeasureLoadAsync();
        }
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return (GC.GetTotalMemory(forceFullCollection: true), System.IO.Directory.GetFiles("/proc/self/fd").Length, load);
    }

    private static byte[] DirectoryJson() => JsonSerializer.SerializeToUtf8Bytes(
        new DirectorySnapshot(
            [
                DirectoryOf.Domain(
                    Domain,
                    DirectoryOf.User("user", null, DirectoryOf.Device("user", Domain, Password)),
                    DirectoryOf.User("destination", null, DirectoryOf.Device("destination", Domain, Password))),
            ],
            []),
        ContractsJson.Default.DirectorySnapshot);
}
