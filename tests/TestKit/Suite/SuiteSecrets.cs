using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace ClickToDial.TestKit.Suite;

/// <summary>What the parts of one suite know of each other, and the passwords of its seed: all of it random.</summary>
public sealed partial class SuiteSecrets
{
    private readonly Dictionary<string, string> _seed = [];

    public string ControlToken { get; } = Random();

    public string WorkerToken { get; } = Random();

    public string PbxToken { get; } = Random();

    /// <summary>What the worker signs its questions with, as Standard Webhooks write it.</summary>
    public string HookSecret { get; } = "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public string EncryptionKey { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public string SigningKey { get; } = NewSigningKey();

    /// <summary>Replaces each <c>${random:NAME}</c> by a secret, the same for the same name.</summary>
    public string Fill(string seed) => Placeholders().Replace(seed, m => Named(m.Groups[1].Value));

    private static string NewSigningKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string Random() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private string Named(string name)
    {
        if (!_seed.TryGetValue(name, out var secret)) _seed[name] = secret = Random();
        return secret;
    }

    [GeneratedRegex(@"\$\{random:([A-Za-z0-9_-]+)\}", RegexOptions.NonBacktracking)]
    private static partial Regex Placeholders();
}
