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
        try
        {
            return await CallAsync(server, await JanusClient.ConnectAsync(server), phones);
        }
        catch
        {
            Console.Error.WriteLine(server.Log);
            server.Dispose();
            throw;
        }
    }

    private static async Task<BrowserRelay> CallAsync(JanusServer server, JanusClient janus, IReadOnlyList<int> phones)
    {
        var signalling = new Signalling(janus);
        var browsers = phones.Select(_ => new DtlsBrowser()).ToList();
        var connecting = new List<Task>();
        for (var i = 0; i < phones.Count; i++)
        {
            var answer = await janus.CallAsync(string.Create(CultureInfo.InvariantCulture, $"web{i}"), signalling.Phones.Target(phones[i]), browsers[i].PlainOffer);
            connecting.Add(browsers[i].ConnectAsync(answer));
        }
        await Task.WhenAll(connecting);
        return new BrowserRelay(server, browsers, [.. phones.Select(signalling.Phones.CallerOf)], signalling);
    }

    /// <summary>janus hangs up a call when either end of its signalling goes.</summary>
    private sealed class Signalling(JanusClient janus) : IAsyncDisposable
    {
        public SipPhones Phones { get; } = new();

        public ValueTask DisposeAsync()
        {
            janus.Dispose();
            return Phones.DisposeAsync();
        }
    }
}
