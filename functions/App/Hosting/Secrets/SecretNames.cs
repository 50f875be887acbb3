using System.Buffers;

namespace ClickToDial.App.Hosting.Secrets;

/// <summary>
/// Which setting each secret is. Of what we show to others, <c>NAME</c> is shown; <c>NAME-a</c> and <c>NAME-b</c> are two places for what
/// is taken, so that a new value is known everywhere before anybody shows it. Any other secret setting is named after itself, with
/// <c>--</c> for each level (<c>Webhooks--Sources--acme--Tokens--0</c>), as Key Vault allows no colon.
/// </summary>
public static class SecretNames
{
    private const string Level = "--";

    // What a secret of Key Vault may be called, and "_", which some settings have.
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Settings by the names of our own secrets.</summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["directory-encryption-key"] = "Directory:EncryptionKey",
        ["directory-encryption-key-a"] = "Directory:PreviousEncryptionKeys:0",
        ["directory-encryption-key-b"] = "Directory:PreviousEncryptionKeys:1",
        ["worker-token-a"] = "Directory:WorkerTokens:0",
        ["worker-token-b"] = "Directory:WorkerTokens:1",
        ["session-signing-key"] = "Sessions:SigningKeys:0",
        ["session-signing-key-a"] = "Sessions:SigningKeys:1",
        ["session-signing-key-b"] = "Sessions:SigningKeys:2",
        ["hook-secret-a"] = "Hooks:Secrets:0",
        ["hook-secret-b"] = "Hooks:Secrets:1",
        ["worker-control-token"] = "Worker:ControlToken",
        ["script-runner-token"] = "ScriptRunner:Token",
        ["worker-pbx-token-a"] = "Webhooks:PbxTokens:0",
        ["worker-pbx-token-b"] = "Webhooks:PbxTokens:1",
    };

    /// <summary>
    /// Null for what is no secret of this app: so are files that are being written or were left over (<c>NAME.part</c>, <c>NAME~</c>,
    /// <c>NAME-old</c>), of which a list would otherwise have another element.
    /// </summary>
    public static string? SettingOf(string name) =>
        Settings.TryGetValue(name, out var setting) ? setting
        : name.Contains(Level, StringComparison.Ordinal) && IsName(name) ? name.Replace(Level, ":", StringComparison.Ordinal)
        : null;

    private static bool IsName(string name)
    {
        if (name.AsSpan().IndexOfAnyExcept(NameCharacters) >= 0) return false;
        var last = name[(name.LastIndexOf(Level, StringComparison.Ordinal) + Level.Length)..];
        return last.Length > 0 && (!char.IsAsciiDigit(last[0]) || last.All(char.IsAsciiDigit));
    }
}
