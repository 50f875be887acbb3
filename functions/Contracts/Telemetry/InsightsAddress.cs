namespace ClickToDial.Contracts.Telemetry;

/// <summary>
/// Where Application Insights takes telemetry, and who sends it, by the two settings that Azure's own parts go by. The identity is a
/// managed one: a connection string names a place, and lets nobody in where local authentication is off.
/// </summary>
public static class InsightsAddress
{
    /// <summary>Setting with the connection string; nothing is sent where it is not set.</summary>
    public const string ConnectionSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>Setting with <c>Authorization=AAD</c>, and <c>ClientId=</c> where the identity is not the system's; empty to send without a token.</summary>
    public const string AuthenticationSetting = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    /// <summary>What is wrong with them, each naming its setting and repeating no value.</summary>
    public static IEnumerable<string> Faults(string connection, string authentication)
    {
        if (connection.Length > 0)
        {
            var parts = Parts(connection);
            if (!Guid.TryParse(parts.GetValueOrDefault("InstrumentationKey"), out _)) yield return $"{ConnectionSetting} must have an InstrumentationKey.";
            if (!IsPlace(parts.GetValueOrDefault("IngestionEndpoint"), isTold: authentication.Length > 0))
                yield return $"{ConnectionSetting} must have an IngestionEndpoint, an https address if an identity sends.";
        }

        if (authentication.Length > 0 && Parts(authentication).GetValueOrDefault("Authorization") != "AAD")
            yield return $"{AuthenticationSetting} must say Authorization=AAD.";
    }

    /// <summary>The client id of the identity that sends; null for the system's.</summary>
    public static string? ClientId(string authentication) => Parts(authentication).GetValueOrDefault("ClientId");

    // A token must not cross a network in clear.
    private static bool IsPlace(string? text, bool isTold) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && !isTold));

    private static Dictionary<string, string> Parts(string text)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if (part.IndexOf('=', StringComparison.Ordinal) is var at and > 0) parts[part[..at]] = part[(at + 1)..];
        return parts;
    }
}
