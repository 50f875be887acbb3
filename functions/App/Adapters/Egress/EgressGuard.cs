using System.Net;
using System.Net.Sockets;
using ClickToDial.Core.Egress;

namespace ClickToDial.App.Adapters.Egress;

/// <summary>
/// Connects requests whose destination somebody else chose: looks the name up once, and connects to an address that it has checked, so
/// that no second look-up can lead elsewhere. No proxy, no redirect, no cookie.
/// </summary>
public sealed class EgressGuard(EgressRules rules, IHostResolver resolver)
{
    private const int HeaderKilobytes = 16;

    public SocketsHttpHandler CreateHandler(TimeSpan connectTimeout) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = HeaderKilobytes,
        ConnectTimeout = connectTimeout,
        // What a name stands for is looked at again from time to time.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        // Traces of ours are nobody else's, unless a caller says so.
        ActivityHeadersPropagator = null,
        ConnectCallback = async (context, stop) => await ConnectAsync(context.DnsEndPoint, stop),
    };

    /// <exception cref="EgressDeniedException">None of the addresses may be reached.</exception>
    public async Task<Stream> ConnectAsync(DnsEndPoint endpoint, CancellationToken stop)
    {
        var host = endpoint.Host.Trim('[', ']');
        var found = IPAddress.TryParse(host, out var literal) ? [literal] : await resolver.ResolveAsync(host, stop);
        var allowed = found.Where(rules.Allows).ToList();
        if (allowed.Count == 0) throw found.Count == 0 ? new SocketException((int)SocketError.HostNotFound) : new EgressDeniedException();
        for (var i = 0; ; i++)
        {
            try
            {
                return await ConnectAsync(new IPEndPoint(allowed[i], endpoint.Port), stop);
            }
            catch (SocketException) when (i < allowed.Count - 1)
            {
                // The next address, within the same deadline.
            }
        }
    }

    private static async Task<Stream> ConnectAsync(IPEndPoint address, CancellationToken stop)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
