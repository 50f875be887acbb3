using System.Net;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Access;

/// <summary>Where requests come from, see <see cref="ClientAddress"/>.</summary>
public sealed class ClientAddresses(AccessOptions options)
{
    private readonly AddressRanges _proxies = new(options.TrustedProxies);

    public IPAddress? Of(HttpRequest request) =>
        ClientAddress.Find(request.HttpContext.Connection.RemoteIpAddress, request.Headers["X-Forwarded-For"], _proxies);
}
