using ClickToDial.App.Hosting;
using ClickToDial.Core.Access;
using ClickToDial.Core.Secrets;

namespace ClickToDial.App.Directory;

/// <summary>Where domains, users, devices, trunks and keys come from and how their secrets are kept.</summary>
public sealed class DirectoryOptions : ICheckedOptions
{
    public const string Section = "Directory";

    /// <summary>JSON file that is written into the tables at start when its content has changed. Empty for none.</summary>
    public string SeedFile { get; set; } = "";

    /// <summary>Seals secrets at rest: <c>id:key</c>, the key being 256 bits in hex or base64. Required.</summary>
    public string EncryptionKey { get; set; } = "";

    /// <summary>Older keys that still open what they sealed.</summary>
    public IList<string> PreviousEncryptionKeys { get; } = [];

    /// <summary>Tokens that workers present at <c>/internal/directory</c>, current and previous. See <see cref="TokenList"/>.</summary>
    public IList<string> WorkerTokens { get; } = [];

    /// <summary>How old the remembered directory may be, in seconds: 0 to 300. Default 5.</summary>
    public int CacheSeconds { get; set; } = 5;

    public IEnumerable<string> Faults()
    {
        foreach (var fault in FaultsWhileRunning()) yield return fault;
        if (WorkerTokens.Count == 0) yield return "WorkerTokens is empty";
        if (SeedFile.Length == 0) yield break;
        foreach (var fault in DirectorySeed.Faults(SeedFile)) yield return $"SeedFile: {fault}";
    }

    public IEnumerable<string> FaultsWhileRunning()
    {
        if (!SecretKey.TryParse(EncryptionKey, out _)) yield return "EncryptionKey must be id:key with 256 bits in hex or base64";
        for (var i = 0; i < PreviousEncryptionKeys.Count; i++)
            if (!SecretKey.TryParse(PreviousEncryptionKeys[i], out _))
                yield return $"PreviousEncryptionKeys:{i} must be id:key with 256 bits in hex or base64";
            else if (IsAmbiguous(i))
                yield return $"PreviousEncryptionKeys:{i} has the id of another key";
        for (var i = 0; i < WorkerTokens.Count; i++)
            if (!TokenList.IsValid(WorkerTokens[i])) yield return $"WorkerTokens:{i} must be sha256: with 64 hex digits, or at least 16 characters";
        if (CacheSeconds is < 0 or > 300) yield return "CacheSeconds must be 0 to 300";
    }

    public IReadOnlyList<SecretKey> ReadKeys() => [.. PreviousEncryptionKeys.Prepend(EncryptionKey).Select(Parse)];

    // What is stored names its key by the id: of two with one id, the second opens nothing.
    private bool IsAmbiguous(int index) =>
        SecretKey.TryParse(PreviousEncryptionKeys[index], out var key)
        && PreviousEncryptionKeys.Take(index).Prepend(EncryptionKey).Any(text => SecretKey.TryParse(text, out var other) && other.Id == key.Id && !other.IsSame(key));

    private static SecretKey Parse(string text) =>
        SecretKey.TryParse(text, out var key) ? key : throw new FormatException("An encryption key is not readable.");
}
