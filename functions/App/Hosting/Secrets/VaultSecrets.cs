using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace ClickToDial.App.Hosting.Secrets;

/// <summary>
/// Secrets of a Key Vault, read with the app's identity (its REST interface, version 7.4): a list of names, then each one's present value.
/// One that is switched off there is as if it were not there.
/// </summary>
public sealed class VaultSecrets : ISecretStore
{
    private const string Version = "api-version=7.4";

    // 25 names a page; nobody has more secrets than this of ours.
    private const int MostPages = 20;

    private readonly Uri _vault;
    private readonly HttpPipeline _pipeline;

    /// <param name="transport">Null for the usual one.</param>
    public VaultSecrets(Uri vault, TokenCredential identity, HttpPipelineTransport? transport = null)
    {
        _vault = vault;
        var options = new Options { Retry = { MaxRetries = 2 }, Diagnostics = { IsDistributedTracingEnabled = false } };
        if (transport is not null) options.Transport = transport;
        // What the vault's host is a name in is what its tokens are for: vault.azure.net, and others in other clouds.
        var audience = vault.Host[(vault.Host.IndexOf('.', StringComparison.Ordinal) + 1)..];
        _pipeline = HttpPipelineBuilder.Build(options, new BearerTokenAuthenticationPolicy(identity, $"https://{audience}/.default"));
    }

    /// <summary>The settings are references to it, and what they were at the start is not what counts.</summary>
    public bool IsWhole => true;

    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(CancellationToken stop)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in await NamesAsync(stop))
        {
            if (SecretNames.SettingOf(name) is not { } setting) continue;
            using var secret = await GetAsync(new Uri(_vault, $"secrets/{Uri.EscapeDataString(name)}?{Version}"), stop);
            // Gone since it was listed.
            if (secret?.RootElement.GetProperty("value").GetString()?.Trim() is { Length: > 0 } value) found[setting] = value;
        }

        return found;
    }

    private async Task<List<string>> NamesAsync(CancellationToken stop)
    {
        var names = new List<string>();
        var next = new Uri(_vault, $"secrets?{Version}&maxresults=25");
        for (var page = 0; page < MostPages; page++)
        {
            using var list = await GetAsync(next, stop) ?? throw new RequestFailedException(404, "The vault has no list of secrets.");
            names.AddRange(list.RootElement.GetProperty("value").EnumerateArray().Where(IsOn).Select(NameOf));
            if (!list.RootElement.TryGetProperty("nextLink", out var link) || link.GetString() is not { Length: > 0 } more) return names;
            next = new Uri(more);
            // Our token goes nowhere else.
            if (next.Scheme != _vault.Scheme || next.Authority != _vault.Authority) throw new RequestFailedException("The vault names another host.");
        }

        throw new RequestFailedException("The vault has more secrets than this app looks at.");
    }

    private static bool IsOn(JsonElement secret) =>
        !(secret.TryGetProperty("attributes", out var attributes) && attributes.TryGetProperty("enabled", out var enabled) && enabled.ValueKind is JsonValueKind.False);

    private static string NameOf(JsonElement secret) => new Uri(secret.GetProperty("id").GetString()!).Segments[^1];

    private async Task<JsonDocument?> GetAsync(Uri uri, CancellationToken stop)
    {
        using var message = _pipeline.CreateMessage();
        message.Request.Method = RequestMethod.Get;
        message.Request.Uri.Reset(uri);
        message.Request.Headers.Add("Accept", "application/json");
        await _pipeline.SendAsync(message, stop);
        return message.Response.Status switch
        {
            200 => JsonDocument.Parse(message.Response.Content),
            404 => null,
            _ => throw new RequestFailedException(message.Response),
        };
    }

    private sealed class Options : ClientOptions;
}
