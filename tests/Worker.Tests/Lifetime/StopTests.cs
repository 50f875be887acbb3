using ClickToDial.TestKit.Browser;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Processes;
using ClickToDial.Worker.Tests.Support;

namespace ClickToDial.Worker.Tests.Lifetime;

/// <summary>A worker that is told to stop does so, whoever is connected.</summary>
[Trait("row", "D4")]
public sealed class StopTests
{
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Browser__Issuer"] = SessionMint.Issuer,
        ["Hooks__TokensAlone"] = "true",
    };

    [Fact(DisplayName = "D4: a terminated worker without calls does not wait for the sockets of browsers and of remote control")]
    public async Task Sockets_do_not_hold_it()
    {
        await using var worker = await LoneWorker.StartAsync(["101"], Settings);
        var url = worker.Settings.ControlUrl;
        await using var phone = await WebSocketPhone.ConnectAsync(new Uri($"ws://{url.Authority}/ws"), "101", LoneWorker.Domain, LoneWorker.Password);
        Assert.Equal(200, (await phone.RegisterAsync()).Status);
        var token = worker.Functions.Mint.Token(LoneWorker.Domain, "101", TimeProvider.System.GetUtcNow());
        await using var page = await RemotePage.OpenAsync(url, $"?domain={LoneWorker.Domain}&user=101&session={token}");
        await page.CallsAsync(calls => calls.Count == 0);

        worker.Part.Process.Signal(ProcessSignal.Terminate);
        // The web server would give them 30 s, by its default.
        Assert.Equal(0, await worker.Part.Process.Exited.WaitAsync(Patience.Step));
    }
}
