using System.Globalization;
using System.Text.Json.Nodes;
using ClickToDial.Browser.Chromium;
using ClickToDial.TestKit.Audio;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Peers;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Processes;
using ClickToDial.TestKit.Suite;

[assembly: Witnesses]

// One suite and one browser for all tests.
[assembly: AssemblyFixture(typeof(ClickToDial.Browser.Suite.BrowserFixture))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace ClickToDial.Browser.Suite;

/// <summary>The product as processes, the CRM of the demonstration as the page's back end, and Chromium.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    /// <summary>What the microphone hears.</summary>
    public const double VoiceHertz = 1000;

    /// <summary>A word that pages may call, for a user whose name they are not told.</summary>
    public const string Alias = "front-door";

    /// <summary>A domain that has a back end of its own, with two users.</summary>
    public const string HookedDomain = "hooked.test";

    private const string Hidden = "night-porter";
    private const int Users = 60;
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("browser-test-").FullName;

    private ClickToDialSuite? _suite;
    private SuitePart? _crm;
    private ChromiumDriver? _chromium;
    private StockBackEnd? _backEnd;
    private int _user;

    public ClickToDialSuite Product => _suite!;

    /// <summary>The back end of <see cref="HookedDomain"/>.</summary>
    public StockBackEnd BackEnd => _backEnd!;

    /// <summary>Gives session tokens of <see cref="HookedDomain"/>.</summary>
    public string HookedKey { get; private set; } = "";

    /// <summary>Where the pages come from; the domain names it among its origins.</summary>
    public Uri Crm { get; private set; } = null!;

    internal ChromiumDriver Chromium => _chromium!;

    /// <summary>Ends the current test as skipped, with the reason, where there is no browser.</summary>
    public static void SkipIfMissing() => Assert.SkipWhen(BrowserTool.Missing is not null, BrowserTool.Missing ?? "");

    public async ValueTask InitializeAsync()
    {
        if (BrowserTool.Missing is not null) return;
        _backEnd = await StockBackEnd.StartAsync();
        _suite = await ClickToDialSuite.StartAsync(Arrange);
        _crm = NewCrm();
        await _crm.StartAsync();
        var voice = Path.Combine(_folder, "voice.wav");
        WavFile.OfTone(VoiceHertz, TimeSpan.FromSeconds(10), 48_000).Write(voice);
        _chromium = new ChromiumDriver($"--use-file-for-fake-audio-capture={voice}");
    }

    /// <summary>A user nobody has used yet, with one device of the same name.</summary>
    public string NextUser() => ++_user <= Users ? $"b{_user}" : throw new InvalidOperationException("The seed of the tests has no more users.");

    public Task<Phone> PhoneAsync(double hertz) => Product.RegisterAsync(NextUser(), hertz);

    /// <summary>Rings when a page calls <see cref="Alias"/>.</summary>
    public Task<Phone> HiddenPhoneAsync(double hertz) => Product.RegisterAsync(Hidden, hertz);

    /// <summary>The CRM's page, with that user signed in, and these elements in place of its own.</summary>
    /// <param name="script">Run before any script of the page.</param>
    internal async Task<BrowserPage> PageAsync(string user, string elements, string? script = null)
    {
        var page = await Chromium.OpenAsync($"{Crm}?as={user}", script);
        await page.EvaluateAsync($"document.querySelector('main').innerHTML = {JsonValue.Create(elements)!.ToJsonString()}");
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null) await _chromium.DisposeAsync();
        if (_crm is not null) await _crm.DisposeAsync();
        if (_suite is not null) await _suite.DisposeAsync();
        if (_backEnd is not null) await _backEnd.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    private void Arrange(ClickToDialSuite suite, SuiteSeed seed)
    {
        Crm = new Uri($"http://127.0.0.1:{suite.NextPort()}/");
        var origin = Crm.GetLeftPart(UriPartial.Authority);
        seed.AddOrigin(origin);
        suite.WorkerMore["Sip__WebSocketOrigins"] = origin;
        suite.WorkerMore["Media__BrowserPort"] = suite.NextPort().ToString(CultureInfo.InvariantCulture);
        for (var n = 1; n <= Users; n++) seed.AddUser($"b{n}", $"+49891000{n:D3}", $"b{n}");
        seed.AddUser(Hidden, callerId: null, Hidden);
        seed.AddAlias(Alias, Hidden);
        HookedKey = seed.AddDomain(HookedDomain, origin, BackEnd.Url, "clerk", "client");
    }

    private SuitePart NewCrm() => new(
        new ChildProcessOptions("crm", Tool.Node.Path!, [BrowserTool.Crm], Environment: new Dictionary<string, string?>
        {
            ["CRM_PORT"] = Crm.Port.ToString(CultureInfo.InvariantCulture),
            ["CRM_FUNCTIONS"] = Product.FunctionsUrl.GetLeftPart(UriPartial.Authority),
            ["CRM_GATEWAY"] = $"ws://{Product.WorkerUrl.Authority}/ws",
            ["CRM_DOMAIN"] = Product.Seed.Domain,
            ["CRM_KEY"] = Product.Seed.ApiKey,
            ["CRM_USERS"] = string.Join(',', Enumerable.Range(1, Users).Select(n => $"b{n}")),
        }),
        Crm);
}
