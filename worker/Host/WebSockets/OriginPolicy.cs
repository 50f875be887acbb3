using System.Net;
using System.Net.Sockets;
using ClickToDial.Worker.Configuration;

namespace ClickToDial.Worker.WebSockets;

/// <summary>
/// Which pages may open a WebSocket here (RFC 6455 section 10.2). A browser always says where its script comes from; whoever
/// says nothing is no browser, and has to prove itself by digest like every other device.
/// </summary>
/// <param name="setting">Origins separated by commas, or <c>*</c>; empty for pages of the worker's own address.</param>
/// <param name="ownHosts">
/// Hosts that the worker is known to have. That a page comes from the host it asks is not enough: whoever owns a name may let it
/// stand for our address, and the Host header then says what the page says.
/// </param>
public sealed class OriginPolicy(string setting, IReadOnlyCollection<string> ownHosts)
{
    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];
    private readonly string[] _origins = setting.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>By the list of the settings, or for the public addresses and the host of the control API.</summary>
    public static OriginPolicy Of(WorkerSettings settings) => new(
        settings.Sip.WebSocketOrigins, [new Uri(settings.Worker.ControlUrl).Host, .. AddressList.Parse(settings.Sip.PublicAddress)!.Select(HostOf)]);

    /// <param name="origin">The Origin header, or null.</param>
    /// <param name="own">Scheme, host and port of the address that was asked.</param>
    public bool Allows(string? origin, string own) =>
        string.IsNullOrEmpty(origin)
        || (_origins.Length == 0 ? Same(origin, own) && IsOwn(origin) : Array.Exists(_origins, allowed => allowed == "*" || Same(origin, allowed)));

    private bool IsOwn(string origin) => Uri.TryCreate(origin, UriKind.Absolute, out var page)
        && Loopback.Concat(ownHosts).Contains(page.Host, StringComparer.OrdinalIgnoreCase);

    private static string HostOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();

    private static bool Same(string origin, string allowed) => origin.Equals(allowed.TrimEnd('/'), StringComparison.OrdinalIgnoreCase);
}
