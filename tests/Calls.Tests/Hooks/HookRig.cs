using System.Net;
using System.Text.Json.Nodes;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Hooks;
using ClickToDial.Contracts.Directory;
using ClickToDial.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Calls.Tests.Hooks;

/// <summary>What asks hooks, with real back ends: one that plays the functions, and one of the domain's own. Tokens are believed as they are.</summary>
internal sealed class HookRig : IAsyncDisposable
{
    public const string Secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    public const string WcsKey = "a key as they have it";

    private static int _calls;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly HookParts _parts;

    private HookRig(BackEnd own, BackEnd? functions, DomainHooks? hooks)
    {
        (Own, Functions) = (own, functions);
        var users = new[] { "101", "102" }.Select(name => new UserEntry(name, "User " + name, null, [])).ToList();
        Directory = new Known(new CallDirectory(new DirectorySnapshot([new DomainEntry("demo.local", users, Hooks: hooks)], [])));
        var options = new HookOptions { Secret = functions is null ? "" : Secret, TimeoutSeconds = 1 };
        _parts = new HookParts(
            _http, Directory, new Uri(functions is null ? "http://127.0.0.1:9/" : functions.Url.GetLeftPart(UriPartial.Authority) + "/app/"), "worker-1", options, Time,
            NullLoggerFactory.Instance, ToClient.Add);
        Browsers = _parts.Browsers(Token);
    }

    public BackEnd Own { get; }

    public BackEnd? Functions { get; }

    /// <summary>Stands still, so that no answer comes too late but those that are meant to.</summary>
    public ManualTimeProvider Time { get; } = new();

    public IDirectory Directory { get; }

    public IBrowserHooks Browsers { get; }

    public Believing Token { get; } = new();

    public ClientLog ToClient { get; } = new();

    public HookParts Parts => _parts;

    public static async Task<HookRig> StartAsync(bool withFunctions = false, Func<DomainHooks, DomainHooks?>? change = null)
    {
        var own = await BackEnd.StartAsync();
        var functions = withFunctions ? await BackEnd.StartAsync() : null;
        var hooks = new DomainHooks(own.Url.AbsoluteUri, Secret, Incoming: true, TimeoutSeconds: 1);
        return new HookRig(own, functions, change is null ? hooks : change(hooks));
    }

    /// <summary>Lets a browser in whose back end wants to be asked by that rule for a method.</summary>
    public async Task<BrowserIdentity> LetInAsync(string method, object rule)
    {
        Own.Change("connect", body => body["restClientConfig"] = new JsonObject { [method] = System.Text.Json.JsonSerializer.SerializeToNode(rule) });
        var answer = await ConnectAsync();
        Assert.Equal("connect", (await Own.NextAsync()).Method);
        return Assert.IsType<ConnectAnswer.Accepted>(answer).Identity;
    }

    public Task<ConnectAnswer> ConnectAsync() =>
        Browsers.ConnectAsync(new BrowserConnect("s1", "the-token", "https://crm.example.com", new IPEndPoint(IPAddress.Parse("203.0.113.9"), 1)), Stop);

    public Task<CallAnswer> CallAsync(BrowserIdentity identity, string destination = "sales") =>
        Browsers.CallAsync(new BrowserCall(identity, "s1", $"call-{Interlocked.Increment(ref _calls)}", destination), Stop);

    public async ValueTask DisposeAsync()
    {
        await _parts.DisposeAsync();
        _http.Dispose();
        await Own.DisposeAsync();
        if (Functions is not null) await Functions.DisposeAsync();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private sealed record Known(CallDirectory? Current) : IDirectory;

    /// <summary>Takes every token for one of user 101 that is good for all calls to sales and numbers.</summary>
    internal sealed class Believing : IBrowserHooks
    {
        public Task<ConnectAnswer> ConnectAsync(BrowserConnect connect, CancellationToken stop) => Task.FromResult<ConnectAnswer>(connect.Token == "forged"
            ? new ConnectAnswer.Refused(new HookRefusal(401, "token-invalid"))
            : new ConnectAnswer.Accepted(new BrowserIdentity("demo.local", "101", "t1", DateTimeOffset.UtcNow.AddMinutes(5), 5, ["sales", "+49*"])));

        public Task<CallAnswer> CallAsync(BrowserCall call, CancellationToken stop) => Task.FromResult<CallAnswer>(call.Destination is "sales" or ['+', '4', '9', ..]
            ? new CallAnswer.Accepted(call.Destination)
            : new CallAnswer.Refused(new HookRefusal(403, "token-destination-not-covered")));

        public Task<CallAnswer> TransferAsync(BrowserCall call, CancellationToken stop) => CallAsync(call, stop);

        public Task<HookRefusal?> ActAsync(BrowserAct act, CancellationToken stop) => Task.FromResult<HookRefusal?>(null);

        public void Notify(BrowserEvent news)
        {
            // Nobody is told.
        }
    }

    internal sealed class ClientLog
    {
        private readonly System.Threading.Channels.Channel<ClientNews> _news = System.Threading.Channels.Channel.CreateUnbounded<ClientNews>();

        public void Add(ClientNews news) => _news.Writer.TryWrite(news);

        public async Task<ClientNews> NextAsync()
        {
            using var limit = new CancellationTokenSource(Support.Patience.Limit);
            return await _news.Reader.ReadAsync(limit.Token);
        }
    }
}
