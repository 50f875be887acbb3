using System.Net;

namespace ClickToDial.App.Adapters.Egress;

/// <summary>The operating system's.</summary>
public sealed class SystemResolver : IHostResolver
{
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken stop) => await Dns.GetHostAddressesAsync(host, stop);
}
