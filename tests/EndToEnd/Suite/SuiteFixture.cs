using ClickToDial.EndToEnd.Suite;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Suite;

[assembly: Witnesses]

// All tests use one suite, and some stop parts of it.
[assembly: AssemblyFixture(typeof(SuiteFixture))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace ClickToDial.EndToEnd.Suite;

/// <summary>The product as processes, once for the assembly, with users and a trunk for the tests.</summary>
public sealed class SuiteFixture : IAsyncLifetime
{
    /// <summary>Numbers that lead to <see cref="Carrier"/>.</summary>
    public const string CarrierPrefix = "+4930";

    /// <summary>Numbers that lead nowhere: nothing listens for TCP at the trunk's address.</summary>
    public const string DeadPrefix = "+4940";

    private const int Users = 120;

    private ClickToDialSuite? _suite;
    private ScriptRunner? _scripts;
    private int _user;

    public ClickToDialSuite Product => _suite ?? throw new InvalidOperationException("The suite was not started.");

    /// <summary>Address that the trunk leads to; a phone that listens there is the carrier.</summary>
    public int CarrierPort { get; private set; }

    /// <summary>Ends the current test as skipped, with the reason, where the suite cannot run.</summary>
    public static void SkipIfMissing() => Assert.SkipWhen(ClickToDialSuite.Missing is not null, ClickToDialSuite.Missing ?? "");

    public async ValueTask InitializeAsync()
    {
        if (ClickToDialSuite.Missing is not null) return;
        if (ScriptRunner.Missing is null) _scripts = await ScriptRunner.StartAsync();
        _suite = await ClickToDialSuite.StartAsync(Arrange);
    }

    /// <summary>A user nobody has used yet, with one device of the same name; each test has its own, so none rings another's phones.</summary>
    public string NextUser() =>
        ++_user <= Users ? $"e{_user}" : throw new InvalidOperationException("The seed of the tests has no more users.");

    public Task<Phone> PhoneAsync(double hertz) => Product.RegisterAsync(NextUser(), hertz);

    /// <summary>A phone that behaves as told, registered as a user of its own.</summary>
    public Task<Phone> PhoneAsync(double hertz, IncomingCall onCall) =>
        Phone.RegisteredAsync(Product.PhoneOf(NextUser(), hertz) with { OnCall = onCall });

    /// <summary>The far end of the trunk.</summary>
    public Phone Carrier(double hertz) =>
        new(new PhoneSettings(Product.Registrar, "carrier.example", "carrier", "", hertz) { Port = CarrierPort });

    public async ValueTask DisposeAsync()
    {
        if (_suite is not null) await _suite.DisposeAsync();
        if (_scripts is not null) await _scripts.DisposeAsync();
    }

    private void Arrange(ClickToDialSuite suite, SuiteSeed seed)
    {
        CarrierPort = suite.NextPort();
        if (_scripts is not null)
        {
            suite.FunctionsMore["ScriptRunner__Url"] = _scripts.Url.ToString();
            suite.FunctionsMore["ScriptRunner__Token"] = ScriptRunner.Token;
        }
        seed.AddTrunk("carrier", CarrierPrefix, $"sip:127.0.0.1:{CarrierPort}");
        seed.AddTrunk("dead", DeadPrefix, $"sip:127.0.0.1:{suite.NextPort()};transport=tcp");
        for (var n = 1; n <= Users; n++) seed.AddUser($"e{n}", $"+49891000{n:D3}", $"e{n}");
        seed.AddUser("many", null, "many-desk", "many-mobile", "many-home");
        seed.AddUser("nobody", null, "nobody-desk");
    }
}
