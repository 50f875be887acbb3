using ClickToDial.TestKit.Browser;
using ClickToDial.Worker.Tests.Support;

namespace ClickToDial.Worker.Tests.RemoteControl;

/// <summary>A worker that takes remote control, with narrow limits and users enough for each test to have its own.</summary>
public sealed class RemoteWorker : IAsyncLifetime
{
    /// <summary>A user whose calls are all recorded, for one test.</summary>
    public const string Recorded = "99";

    /// <summary>A user whose name has what people put into numbers.</summary>
    public const string Dotted = "anna.maria-1";

    private static readonly string[] Users = [.. Enumerable.Range(101, 120).Select(n => $"{n}")];

    private int _next;

    internal LoneWorker Worker { get; private set; } = null!;

    public (string A, string B, string C) NextUsers() => (Users[_next++], Users[_next++], Users[_next++]);

    public async ValueTask InitializeAsync() => Worker = await LoneWorker.StartAsync([Recorded, Dotted, .. Users], new Dictionary<string, string?>
    {
        ["Browser__Issuer"] = SessionMint.Issuer,
        ["Hooks__TokensAlone"] = "true",
        ["RemoteControl__DomainCalls"] = "true",
        ["RemoteControl__IdleSeconds"] = "10",
        ["RemoteControl__MaxSocketsPerUser"] = "3",
    }, user => user.Name == Recorded ? user with { RecordCalls = true } : user);

    public ValueTask DisposeAsync() => Worker.DisposeAsync();
}
