using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace ClickToDial.App.Hosting.Secrets;

/// <summary>The look that comes before settings are checked.</summary>
/// <param name="Fault">Why there was no answer, and the settings are as they are; null where there was one.</param>
internal sealed record FirstSecrets(string? Fault)
{
    /// <summary>Waits at most as long as for any look, and throws nothing.</summary>
    public static FirstSecrets Read(ISecretStore store, LiveConfiguration live, IConfigurationSection section)
    {
        var seconds = int.TryParse(section[nameof(SecretStoreOptions.TimeoutSeconds)], CultureInfo.InvariantCulture, out var set)
            ? Math.Clamp(set, 1, 60) : new SecretStoreOptions().TimeoutSeconds;
        var limit = TimeSpan.FromSeconds(seconds);
        using var deadline = new CancellationTokenSource(limit);
        try
        {
            // There is no other time for it: what comes next reads the settings.
            live.Replace(Task.Run(() => store.ReadAsync(deadline.Token), deadline.Token).WaitAsync(limit).GetAwaiter().GetResult());
            return new FirstSecrets((string?)null);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new FirstSecrets(e.GetType().Name);
        }
    }
}
