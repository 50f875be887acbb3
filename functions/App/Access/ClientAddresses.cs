using System.Net;
using ClickToDial.App.Directory;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Access;

/// <summary>Where requests come from: what a worker says that passes one on, see <see cref="WorkerTokens"/>; else <see cref="ClientAddress"/>.</summary>
public sealed class ClientAddresses(AccessOptions options, WorkerTokens workers)
{
    /// <summary>A worker that passes on a request proves itself by this header, and says by the other whose it is.</summary>
    public const string WorkerHeader = "X-Worker-Token";
    public const string ClientHeader = "X-Client-Address";

    private readonly AddressRanges _proxies = new(options.TrustedProxies);

    public IPAddress? Of(HttpRequest request) => OfWorker(request.Headers)
        ?? ClientAddress.Find(request.HttpContext.Connection.RemoteIpAddress, request.Headers["X-Forwarded-For"], _proxies);

    private IPAddress? OfWorker(IHeaderDictionary headers) =>
        headers[WorkerHeader] is [{ } token] && headers[ClientHeader] is [{ } client] && workers.Accepted.Accepts(token) && AddressRanges.TryAddress(client, out var address)
            ? address
            : null;
}
