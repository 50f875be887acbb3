using System.Globalization;
using System.Text.Json.Nodes;
using ClickToDial.Browser.Chromium;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Processes;
using ClickToDial.TestKit.Suite;

// One suite and one browser for all tests.
[assembly: AssemblyFixture(typeof(ClickToDial.Browser.Suite.BrowserFixture))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace ClickToDial.Browser.Suite;

/// <summary>The product as processes, the CRM of the demonstration as the page's back end, and Chromium.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private const int Users = 40;

    private ClickToDialSuite? _suite;
    private SuitePart? _crm;
    private ChromiumDriver? _chromium;
    private int _user;

    public ClickToDialSuite Product => _suite!;

    /// <summary>Where the pages come from; the domain names it among its origins.</summary>
    public Uri Crm { get; private set; } = null!;

    internal ChromiumDriver Chromium => _chromium!;

    /// <summary>Ends the current test as skipped, with the reason, where there is no browser.</summary>
    public static void SkipIfMissing() => Assert.SkipWhen(BrowserTool.Missing is not null, BrowserTool.Missing ?? "");

    public async ValueTask InitializeAsync()
    {
        if (BrowserTool.Missing is not null) return;
        _suite = await ClickToDialSuite.StartAsync(Arrange);
        _crm = NewCrm();
        await _crm.StartAsync();
        _chromium = new ChromiumDriver();
    }

    /// <summary>A user nobody has used yet, with one device of the same name.</summary>
    public string NextUser() => ++_user <= Users ? $"b{_user}" : throw new InvalidOperationException("The seed of the tests has no more users.");

    public Task<Phone> PhoneAsync(double hertz) => Product.RegisterAsync(NextUser(), hertz);

    /// <summary>The CRM's page, with that user signed in, and these elements in place of its own.</summary>
    internal async Task<BrowserPage> PageAsync(string user, string elements)
    {
        var page = await Chromium.OpenAsync($"{Crm}?as={user}");
        await page.EvaluateAsync($"document.querySelector('main').innerHTML = {JsonValue.Create(elements)!.ToJsonString()}");
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null) await _chromium.DisposeAsync();
        if (_crm is not null) await _crm.DisposeAsync();
        if (_suite is not null) await _suite.DisposeAsync();
    }

    private void Arrange(ClickToDialSuite suite, SuiteSeed seed)
    {
        Crm = new Uri($"http://127.0.0.1:{suite.NextPort()}/");
        seed.AddOrigin(Crm.GetLeftPart(UriPartial.Authority));
        for (var n = 1; n <= Users; n++) seed.AddUser($"b{n}", $"+49891000{n:D3}", $"b{n}");
    }

    private SuitePart NewCrm() => new(
        new ChildProcessOptions("crm", Tool.Node.Path!, [BrowserTool.Crm], Environment: new Dictionary<string, string?>
        {
            ["CRM_PORT"] = Crm.Port.ToString(CultureInfo.InvariantCulture),
            ["CRM_FUNCTIONS"] = Product.FunctionsUrl.GetLeftPart(UriPartial.Authority),
            ["CRM_KEY"] = Product.Seed.ApiKey,
            ["CRM_USERS"] = string.Join(',', Enumerable.Range(1, Users).Select(n => $"b{n}")),
        }),
        Crm);
}
