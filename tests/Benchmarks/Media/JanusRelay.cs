using System.Globalization;

namespace ClickToDial.Benchmarks.Media;

/// <summary>janus's SIP gateway with its calls set up: browsers by ICE and DTLS on one side, phones by SIP on the other.</summary>
internal static class JanusRelay
{
    /// <param name="loops">Event loops for all browsers; null for a thread for each, as it comes.</param>
    /// <returns>Null, with the reason on standard error, where there is no janus.</returns>
    public static async Task<BrowserRelay?> StartAsync(int? loops, IReadOnlyList<int> phones)
    {
        if (JanusServer.TryStart(loops, out var missing) is not { } server)
        {
            Console.Error.WriteLine($"Missing peer: {missing}");
            return null;
        }
        var browsers = phones.Select(_ => new DtlsBrowser()).ToList();
        Signalling? signalling = null;
        try
        {
            signalling = new Signalling(await JanusClient.ConnectAsync(server));
            return new BrowserRelay(server, browsers, await CallAsync(signalling, browsers, phones), signalling);
        }
        catch
        {
            Console.Error.WriteLine(server.Log);
            new BrowserRelay(server, browsers, [], signalling).Dispose();
            throw;
        }
    }

    /// <returns>Where each phone sends to.</returns>
    private static async Task<IReadOnlyList<int>> CallAsync(Signalling signalling, List<DtlsBrowser> browsers, IReadOnlyList<int> phones)
    {
        var connecting = new List<Task>();
        for (var i = 0; i < phones.Count; i++)
        {
            var answer = await signalling.Janus.CallAsync(string.Create(CultureInfo.InvariantCulture, $"web{i}"), signalling.Phones.Target(phones[i]), browsers[i].PlainOffer);
            connecting.Add(browsers[i].ConnectAsync(answer));
        }
        await Task.WhenAll(connecting);
        return [.. phones.Select(signalling.Phones.CallerOf)];
    }

    /// <summary>janus hangs up a call when either end of its signalling goes.</summary>
    private sealed class Signalling(JanusClient janus) : IAsyncDisposable
    {
        public JanusClient Janus => janus;

        public SipPhones Phones { get; } = new();

        public ValueTask DisposeAsync()
        {
            janus.Dispose();
            return Phones.DisposeAsync();
        }
    }
}
