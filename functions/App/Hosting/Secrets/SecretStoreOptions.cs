namespace ClickToDial.App.Hosting.Secrets;

/// <summary>Where secrets are read again and again while the app runs: a folder, or a vault. Neither: they are as the settings say.</summary>
public sealed class SecretStoreOptions : ICheckedOptions
{
    public const string Section = "Secrets";

    /// <summary>Folder with a file for each secret, named as in <see cref="SecretNames"/>; read at the start too. Empty for none.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Address of a Key Vault, such as <c>https://kv-ctd-dev.vault.azure.net/</c>, read with the app's identity. Empty for none.</summary>
    public string VaultUri { get; set; } = "";

    /// <summary>How long between two looks, in seconds, a tenth more or less: 1 to 3600. Default 60.</summary>
    public int EverySeconds { get; set; } = 60;

    /// <summary>Longest wait for one look, in seconds: 1 to 60. Default 15.</summary>
    public int TimeoutSeconds { get; set; } = 15;

    public IEnumerable<string> Faults()
    {
        if (Folder.Length > 0 && VaultUri.Length > 0) yield return "Folder and VaultUri exclude each other";
        if (Folder.Length > 0 && !System.IO.Directory.Exists(Folder)) yield return "Folder does not exist";
        if (VaultUri.Length > 0 && !(Uri.TryCreate(VaultUri, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.PathAndQuery == "/"))
            yield return "VaultUri must be an https address without a path";
        if (EverySeconds is < 1 or > 3600) yield return "EverySeconds must be 1 to 3600";
        if (TimeoutSeconds is < 1 or > 60) yield return "TimeoutSeconds must be 1 to 60";
    }
}
