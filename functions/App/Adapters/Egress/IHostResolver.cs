using System.Net;

namespace ClickToDial.App.Adapters.Egress;

/// <summary>Looks names up.</summary>
public interface IHostResolver
{
    /// <exception cref="System.Net.Sockets.SocketException">The name stands for nothing.</exception>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken stop);
}
