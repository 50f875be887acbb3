using System.Globalization;
using ClickToDial.EmbeddedHost.Settings;
using Microsoft.Extensions.Configuration;

namespace ClickToDial.EmbeddedHost.Runtime;

/// <summary>
/// Where Kestrel listens. The first of: --port, FUNCTIONS_PORT, ASPNETCORE_URLS or --urls, the port in local.settings.json,
/// 7071. A port alone means loopback only; whoever wants more says so by a URL.
/// </summary>
internal static class ListenAddress
{
    private const string DefaultPort = "7071";

    public static string From(IConfiguration configuration)
    {
        if ((configuration["port"] ?? configuration["FUNCTIONS_PORT"]) is { Length: > 0 } port) return Loopback(port);
        if (configuration["urls"] is { Length: > 0 } urls) return urls;
        return Loopback(configuration[LocalSettingsFile.PortKey] ?? DefaultPort);
    }

    private static string Loopback(string port) =>
        ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? $"http://127.0.0.1:{number}"
            : throw new EmbeddedHostException([$"The port '{port}' is not a number from 0 to 65535."]);
}
