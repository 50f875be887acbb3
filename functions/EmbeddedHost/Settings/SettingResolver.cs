using System.Text;
using Microsoft.Extensions.Configuration;

namespace ClickToDial.EmbeddedHost.Settings;

/// <summary>Looks settings up by name, and replaces <c>%name%</c> in what attributes say.</summary>
internal sealed class SettingResolver(IConfiguration configuration)
{
    private const string DefaultConnection = "AzureWebJobsStorage";

    /// <summary>The text with every <c>%name%</c> replaced; null with the reason when a setting is missing or a % stands alone.</summary>
    public string? Resolve(string text, out string? error)
    {
        error = null;
        var result = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf('%', at);
            if (open < 0) return result.Append(text, at, text.Length - at).ToString();
            var close = text.IndexOf('%', open + 1);
            if (close < 0) return Fail($"'{text}' has a single '%'.", out error);
            var name = text[(open + 1)..close];
            if (configuration[name] is not { Length: > 0 } value) return Fail($"'{text}' names the setting '{name}', which is not set.", out error);
            result.Append(text, at, open - at).Append(value);
            at = close + 1;
        }
        return result.ToString();
    }

    /// <summary>
    /// The connection string that a trigger's Connection names: "AzureWebJobs" + name, then the name itself, then the
    /// connection strings section. Null with the reason when there is none.
    /// </summary>
    public string? Connection(string? name, out string? error)
    {
        error = null;
        var wanted = string.IsNullOrEmpty(name) ? DefaultConnection : name;
        var found = configuration["AzureWebJobs" + wanted] ?? configuration[wanted] ?? configuration.GetConnectionString(wanted);
        if (!string.IsNullOrEmpty(found)) return found;
        error = configuration.GetSection(wanted).GetChildren().Any()
            ? $"The connection '{wanted}' is identity-based, which needs the real host; set a connection string here."
            : $"The connection '{wanted}' is not set.";
        return null;
    }

    /// <summary>Whether AzureWebJobs.NAME.Disabled (or with underscores) says so.</summary>
    public bool IsDisabled(string function) =>
        IsTrue(configuration[$"AzureWebJobs.{function}.Disabled"]) || IsTrue(configuration[$"AzureWebJobs_{function}_Disabled"]);

    private static bool IsTrue(string? value) =>
        string.Equals(value, "true", StringComparison.OrdinalIgnoreCase) || string.Equals(value, "1", StringComparison.Ordinal);

    private static string? Fail(string reason, out string error)
    {
        error = reason;
        return null;
    }
}
