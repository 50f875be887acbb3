namespace ClickToDial.App.Hosting.Secrets;

/// <summary>Secrets as files, each its whole text without white space around it.</summary>
public sealed class FolderSecrets(string folder) : ISecretStore
{
    // A secret of Key Vault is no longer either.
    private const int Longest = 25 * 1024;

    private volatile Dictionary<string, string> _last = [];

    public Task<IReadOnlyDictionary<string, string>> ReadAsync(CancellationToken stop) => Task.FromResult(Read());

    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public IReadOnlyDictionary<string, string> Read()
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles())
        {
            if (SecretNames.SettingOf(file.Name) is not { } setting || file.Length > Longest) continue;
            // Empty is one that is being written, and no secret that was taken away.
            if (File.ReadAllText(file.FullName).Trim() is { Length: > 0 } value || _last.TryGetValue(setting, out value)) found[setting] = value;
        }

        return _last = found;
    }
}
