using System.Security.Cryptography;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Sessions;

namespace ClickToDial.App.Sessions;

/// <summary>How session tokens are signed and how long they live.</summary>
public sealed class SessionOptions : ICheckedOptions
{
    public const string Section = "Sessions";

    private const string FilePrefix = "file:";

    /// <summary><c>iss</c> of the tokens. Required.</summary>
    public string Issuer { get; set; } = "";

    /// <summary><c>aud</c> of the tokens. Default click-to-dial.</summary>
    public string Audience { get; set; } = "click-to-dial";

    /// <summary>
    /// EC keys on P-256 in PEM, or <c>file:</c> with a path to one. The first signs, all of them verify. Required unless KeyFile is set.
    /// </summary>
    public IList<string> SigningKeys { get; } = [];

    /// <summary>Local use only: a key file that is made on the first start. Empty for none.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>Default life of a token in seconds, within the next two. Default 300.</summary>
    public int DefaultSeconds { get; set; } = 300;

    /// <summary>Shortest life that may be asked for, in seconds. Default 10.</summary>
    public int MinSeconds { get; set; } = 10;

    /// <summary>Longest life that may be asked for, in seconds: up to 3600. Default 900.</summary>
    public int MaxSeconds { get; set; } = 900;

    /// <summary>How far the clocks of the parts may differ, in seconds: 0 to 60. Default 5.</summary>
    public int ClockSkewSeconds { get; set; } = 5;

    public IEnumerable<string> Faults()
    {
        if (Issuer.Length == 0) yield return "Issuer is missing";
        if (Audience.Length == 0) yield return "Audience is missing";
        if (MinSeconds < 1 || MinSeconds > DefaultSeconds || DefaultSeconds > MaxSeconds || MaxSeconds > 3600)
            yield return "MinSeconds, DefaultSeconds and MaxSeconds must rise, from 1 to 3600";
        if (ClockSkewSeconds is < 0 or > 60) yield return "ClockSkewSeconds must be 0 to 60";
        if (SigningKeys.Count == 0 && KeyFile.Length == 0) yield return "SigningKeys is empty, and there is no KeyFile";
        if (SigningKeys.Count > 0 && KeyFile.Length > 0) yield return "SigningKeys and KeyFile exclude each other";
        // One that is not there yet is made.
        if (KeyFile.Length > 0 && File.Exists(KeyFile) && KeyFault(FilePrefix + KeyFile, mustSign: true) is { } bad) yield return $"KeyFile {bad}";
        for (var i = 0; i < SigningKeys.Count; i++)
            if (KeyFault(SigningKeys[i], mustSign: i == 0) is { } fault) yield return $"SigningKeys:{i} {fault}";
    }

    public SessionLimits Limits() => new(MinSeconds, MaxSeconds, DefaultSeconds);

    public SigningKeyRing ReadKeys() =>
        new(SigningKeys.Count > 0 ? [.. SigningKeys.Select(Read)] : [LocalKeyFile.ReadOrMake(KeyFile)]);

    private static string? KeyFault(string configured, bool mustSign)
    {
        try
        {
            return Read(configured).CanSign || !mustSign ? null : "is a public key; the first must be a private one";
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return "is no readable EC key on P-256 in PEM";
        }
    }

    // A PEM in a one-line setting has its line ends written as \n.
    private static SigningKey Read(string configured) => SigningKey.FromPem(
        configured.StartsWith(FilePrefix, StringComparison.Ordinal)
            ? File.ReadAllText(configured[FilePrefix.Length..])
            : configured.Replace("\\n", "\n", StringComparison.Ordinal));
}
