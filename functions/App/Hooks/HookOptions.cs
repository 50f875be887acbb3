using System.Text;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Webhooks;

namespace ClickToDial.App.Hooks;

/// <summary>How the hook requests of workers are known.</summary>
public sealed class HookOptions : ICheckedOptions
{
    public const string Section = "Hooks";

    /// <summary>Secrets of Standard Webhooks that workers sign with, current and previous: <c>whsec_</c> and base64. Empty: hooks are refused.</summary>
    public IList<string> Secrets { get; } = [];

    /// <summary>Keys for <c>Authorization: WCS</c>, HMAC-MD5, of at least 16 characters. Empty: that form is not taken.</summary>
    public IList<string> WcsKeys { get; } = [];

    public IEnumerable<string> Faults()
    {
        for (var i = 0; i < Secrets.Count; i++)
            if (!StandardWebhook.TryReadSecret(Secrets[i], out _)) yield return $"Secrets:{i} must be whsec_ and 24 to 64 bytes in base64";
        for (var i = 0; i < WcsKeys.Count; i++)
            if (WcsKeys[i].Length < 16) yield return $"WcsKeys:{i} must have at least 16 characters";
    }

    public IReadOnlyList<byte[]> ReadSecrets() => [.. Secrets.Select(s => StandardWebhook.TryReadSecret(s, out var key) ? key : [])];

    public IReadOnlyList<byte[]> ReadWcsKeys() => [.. WcsKeys.Select(Encoding.UTF8.GetBytes)];
}
