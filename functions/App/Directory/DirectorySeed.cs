using System.Security.Cryptography;
using System.Text.Json;
using ClickToDial.Core.Directory;

namespace ClickToDial.App.Directory;

/// <summary>Reads the seed file.</summary>
public static class DirectorySeed
{
    public static IReadOnlyList<string> Faults(string file)
    {
        try
        {
            return SeedRules.Faults(Parse(File.ReadAllBytes(file)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ["cannot be read"];
        }
        catch (JsonException e)
        {
            return [$"is no seed: line {e.LineNumber + 1}, {e.Path}"];
        }
    }

    /// <returns>The seed and the SHA-256 of the file.</returns>
    public static (Seed Seed, string Hash) Read(string file)
    {
        var bytes = File.ReadAllBytes(file);
        return (Parse(bytes), Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    private static Seed Parse(byte[] json) =>
        JsonSerializer.Deserialize(json, SeedJson.Default.Seed) ?? throw new JsonException("The seed is empty.");
}
