using System.Globalization;
using System.Net;
using ClickToDial.Browser.Chromium;
using ClickToDial.Contracts.Directory;
using ClickToDial.TestKit.Audio;
using ClickToDial.TestKit.Baresip;
using ClickToDial.TestKit.Browser;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Peers;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Suite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Browser.Gateway;

/// <summary>A worker process with a port for browsers, a page with JsSIP, and a Chromium whose microphone hears a tone.</summary>
public sealed class GatewayFixture : IAsyncLifetime
{
    public const string Domain = "gateway.test";
    public const double BrowserHertz = 1000;

    private const string Password = "secret";
    private readonly PortBlock _ports = PortBlock.Take();
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-test-").FullName;
    private WebApplication? _site;
    private ChromiumDriver? _chromium;
    private SuitePart? _worker;
    private int _user;

    public FunctionsPeer Functions { get; private set; } = null!;

    public WorkerSettings Settings { get; private set; } = null!;

    public WorkerClient Api { get; private set; } = null!;

    public string Origin { get; private set; } = "";

    public string Ws => $"ws://127.0.0.1:{Settings.ControlPort}/ws";

    public async ValueTask InitializeAsync()
    {
        if (BrowserTool.MissingBrowser is not null) return;
        Functions = await FunctionsPeer.StartAsync(Snapshot(), _ports.Next());
        Origin = $"http://127.0.0.1:{_ports.Next()}";
        Settings = new WorkerSettings(Functions.Url, "control-token-of-the-test", Functions.WorkerToken, Functions.PbxToken, _folder, _ports)
        {
            More = new Dictionary<string, string?>
            {
                ["Sip__WebSocketOrigins"] = Origin,
                ["Media__BrowserPort"] = _ports.Next().ToString(CultureInfo.InvariantCulture),
                ["Browser__Issuer"] = SessionMint.Issuer,
                ["Hooks__TokensAlone"] = "true",
            },
        };
        _worker = Settings.Part();
        await _worker.StartAsync();
        Api = new WorkerClient(Settings.ControlUrl, Settings.ControlToken);
        _site = await ServeAsync();
        var voice = Path.Combine(_folder, "voice.wav");
        WavFile.OfTone(BrowserHertz, TimeSpan.FromSeconds(10), 48_000).Write(voice);
        _chromium = new ChromiumDriver($"--use-file-for-fake-audio-capture={voice}");
    }

    /// <summary>A user nobody has used yet.</summary>
    public string NextUser() => $"u{++_user}";

    /// <summary>A token for the user, as the functions make them.</summary>
    public string Token(string user, Action<System.Text.Json.Nodes.JsonObject>? change = null) =>
        Functions.Mint.Token(Domain, user, TimeProvider.System.GetUtcNow(), claims =>
        {
            claims["calls"] = 5;
            claims["origin"] = Origin;
            change?.Invoke(claims);
        });

    internal Task<BrowserPage> PageAsync() => _chromium!.OpenAsync(Origin);

    public Task<Phone> PhoneAsync(string user, double hertz, PhoneCodec codec = PhoneCodec.Pcma) => Phone.RegisteredAsync(
        new PhoneSettings(new IPEndPoint(IPAddress.Loopback, Settings.SipPort), Domain, user, Password, hertz) { Codec = codec });

    /// <summary>A phone that nobody here wrote; where there is none, the test is to be skipped before.</summary>
    /// <param name="codec">As baresip names it.</param>
    public Task<BaresipPhone> BaresipAsync(string user, double hertz, string codec) => BaresipPhone.StartAsync(
        new BaresipSettings(Domain, user, Password, $"127.0.0.1:{Settings.SipPort}", hertz) { Codecs = codec }, _ports);

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null) await _chromium.DisposeAsync();
        if (_site is not null) await _site.DisposeAsync();
        Api?.Dispose();
        if (_worker is not null) await _worker.DisposeAsync();
        if (Functions is not null) await Functions.DisposeAsync();
        _ports.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static DirectorySnapshot Snapshot()
    {
        var users = Enumerable.Range(1, 30).Select(n => DirectoryOf.User($"u{n}", null, DirectoryOf.Device($"u{n}", Domain, Password)));
        return new DirectorySnapshot([DirectoryOf.Domain(Domain, [.. users])], []);
    }

    private async Task<WebApplication> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Origin);
        var site = builder.Build();
        var library = JsModules.Bundle(Path.Combine(Product.RepositoryRoot, "web/node_modules"), "jssip", "JsSIP");
        var page = await File.ReadAllTextAsync(Path.Combine(Product.RepositoryRoot, "tests/Browser/Gateway/page.js"));
        site.MapGet("/", () => Results.Text("<!doctype html><audio autoplay></audio><script src=/jssip.js></script><script src=/page.js></script>", "text/html"));
        site.MapGet("/jssip.js", () => Results.Text(library, "text/javascript"));
        site.MapGet("/page.js", () => Results.Text(page, "text/javascript"));
        await site.StartAsync();
        return site;
    }
}
