using System.Text.Json;
using ClickToDial.EmbeddedHost.Runtime;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;

namespace ClickToDial.EmbeddedHost.Settings;

/// <summary>
/// Reads <c>local.settings.json</c> as Core Tools do: Values and ConnectionStrings become settings that any real environment
/// variable outranks, Host.LocalHttpPort the default port.
/// </summary>
internal static class LocalSettingsFile
{
    public const string PortKey = "EmbeddedHost:LocalHttpPort";
    private const string FileName = "local.settings.json";

    public static void AddTo(ConfigurationManager configuration, string scriptRoot)
    {
        var path = Path.Combine(scriptRoot, FileName);
        if (!File.Exists(path)) return;
        var source = new MemoryConfigurationSource { InitialData = Read(path) };
        configuration.Sources.Insert(IndexOfEnvironment(configuration), source);
    }

    /// <summary>The last environment source is the one without prefix, which holds the app's own settings.</summary>
    private static int IndexOfEnvironment(ConfigurationManager configuration)
    {
        for (var i = configuration.Sources.Count - 1; i >= 0; i--)
            if (configuration.Sources[i] is EnvironmentVariablesConfigurationSource) return i;
        return configuration.Sources.Count;
    }

    private static Dictionary<string, string?> Read(string path)
    {
        var file = Parse(path);
        if (file.IsEncrypted) throw new EmbeddedHostException([$"{FileName} is encrypted; decrypt it with Core Tools first."]);
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in file.Values ?? []) settings[key.Replace("__", ":", StringComparison.Ordinal)] = Text(value);
        foreach (var (key, value) in file.ConnectionStrings ?? []) settings["ConnectionStrings:" + key] = Text(value);
        if (file.Host?.LocalHttpPort is { } port) settings[PortKey] = port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return settings;
    }

    private static Content Parse(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), LocalSettingsJson.Default.Content) ?? new Content();
        }
        catch (JsonException e)
        {
            throw new EmbeddedHostException([$"{FileName} is not valid: line {e.LineNumber + 1}, {e.Path}."]);
        }
    }

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value.ToString();

    internal sealed record Content(
        bool IsEncrypted = false,
        Dictionary<string, JsonElement>? Values = null,
        Dictionary<string, JsonElement>? ConnectionStrings = null,
        HostPart? Host = null);

    internal sealed record HostPart(int? LocalHttpPort = null);
}
