using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;

namespace ClickToDial.App.Web;

/// <summary>
/// What was built for browsers, read once into memory: a few small files. Only what was found then is served, by its exact name, so no
/// path of a request ever reaches the disk.
/// </summary>
public sealed class WebFiles(string folder)
{
    /// <summary>Beside the program; empty where the front end was not built.</summary>
    public const string Folder = "web";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    private readonly Lazy<FrozenDictionary<string, WebFile>> _files = new(() => Read(folder));

    /// <param name="path">Below the folder, with slashes.</param>
    public WebFile? Find(string path) => _files.Value.GetValueOrDefault(path);

    private static FrozenDictionary<string, WebFile> Read(string folder) => System.IO.Directory.Exists(folder)
        ? System.IO.Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Types.ContainsKey(Path.GetExtension(file)))
            .ToFrozenDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), Load, StringComparer.Ordinal)
        : FrozenDictionary<string, WebFile>.Empty;

    private static WebFile Load(string file)
    {
        var plain = File.ReadAllBytes(file);
        var compressed = Compress(plain);
        return new WebFile(
            Types[Path.GetExtension(file)],
            $"\"{Convert.ToHexStringLower(SHA256.HashData(plain).AsSpan(0, 16))}\"",
            plain,
            compressed.Length < plain.Length ? compressed : null,
            Path.GetFileName(Path.GetDirectoryName(file)) == "chunks");
    }

    private static byte[] Compress(byte[] plain)
    {
        using var into = new MemoryStream();
        using (var gzip = new GZipStream(into, CompressionLevel.SmallestSize)) gzip.Write(plain);
        return into.ToArray();
    }
}
