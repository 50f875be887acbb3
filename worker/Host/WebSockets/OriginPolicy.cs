namespace ClickToDial.Worker.WebSockets;

/// <summary>
/// Which pages may open a WebSocket here (RFC 6455 section 10.2). A browser always says where its script comes from; whoever
/// says nothing is no browser, and has to prove itself by digest like every other device.
/// </summary>
public sealed class OriginPolicy(string setting)
{
    private readonly string[] _origins = setting.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <param name="origin">The Origin header, or null.</param>
    /// <param name="own">Scheme, host and port of the address that was asked.</param>
    public bool Allows(string? origin, string own) =>
        string.IsNullOrEmpty(origin)
        || (_origins.Length == 0 ? Same(origin, own) : Array.Exists(_origins, allowed => allowed == "*" || Same(origin, allowed)));

    private static bool Same(string origin, string allowed) => origin.Equals(allowed.TrimEnd('/'), StringComparison.OrdinalIgnoreCase);
}
