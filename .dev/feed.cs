// Builds a local NuGet feed from Microsoft's own signed assemblies as shipped in an npm package (MIT), for package sources that
// lack Azure.Data.Tables, Azure.Messaging.ServiceBus, Azure.Storage.* and Azure.Monitor.OpenTelemetry.Exporter with what it stores in.
// Usage: dotnet run feed.cs -- <npm tarball> <feed folder>
#:property PublishAot=false
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

const string Integrity = "2VH19oYRIn28XbKAml3mNrGBOPfJR0KJJ9E7kHP3LqLXYAkvVx9cQ5n23AejFvoW+QxpjbxchOq7qH4bnKxY1w==";
FeedPackage[] packages =
[
    new("Azure.Bicep.Types", "0.6.1", "netstandard2.0", []),
    new("Azure.Bicep.Types.Az", "0.2.792", "netstandard2.0", ["Azure.Bicep.Types:0.6.1"]),
    new("Azure.Core.Amqp", "1.3.1", "netstandard2.0", ["Microsoft.Azure.Amqp:2.7.0", "System.Memory.Data:8.0.1"]),
    new("Azure.Data.Tables", "12.11.0", "net8.0", ["Azure.Core:1.49.0"]),
    new("Azure.Messaging.ServiceBus", "7.20.1", "net8.0", ["Azure.Core:1.49.0", "Azure.Core.Amqp:1.3.1", "Microsoft.Azure.Amqp:2.7.0"]),
    new("Azure.Monitor.OpenTelemetry.Exporter", "1.4.0", "net8.0", ["Azure.Core:1.49.0", "OpenTelemetry:1.12.0", "OpenTelemetry.PersistentStorage.FileSystem:1.0.1"]),
    new("Azure.Storage.Blobs", "12.24.0", "net8.0", ["Azure.Core:1.49.0", "Azure.Storage.Common:12.23.0"]),
    new("Azure.Storage.Common", "12.23.0", "net8.0", ["Azure.Core:1.49.0", "System.IO.Hashing:6.0.0"]),
    new("Azure.Storage.Queues", "12.22.0", "net8.0", ["Azure.Core:1.49.0", "Azure.Storage.Common:12.23.0"]),
    new("Microsoft.Azure.Amqp", "2.7.0", "net8.0", []),
    new("OpenTelemetry.PersistentStorage.Abstractions", "1.0.1", "netstandard2.0", [], "OpenTelemetry Authors", "Apache-2.0"),
    new("OpenTelemetry.PersistentStorage.FileSystem", "1.0.1", "netstandard2.0", ["OpenTelemetry.PersistentStorage.Abstractions:1.0.1"], "OpenTelemetry Authors", "Apache-2.0"),
    new("System.IO.Hashing", "6.0.0", "net6.0", []),
];

if (args is not [var tarball, var feed])
{
    Console.Error.WriteLine("usage: dotnet run feed.cs -- <npm tarball> <feed folder>");
    return 2;
}

using (var stream = File.OpenRead(tarball))
{
    var digest = Convert.ToBase64String(await SHA512.HashDataAsync(stream));
    if (digest != Integrity)
    {
        Console.Error.WriteLine($"{tarball} is not the pinned package: its SHA-512 is {digest}. Delete it and try again.");
        return 1;
    }
}

var wanted = packages.ToDictionary(p => $"package/dist/{p.Id}.dll");
var assemblies = new Dictionary<string, byte[]>();
using (var gzip = new GZipStream(File.OpenRead(tarball), CompressionMode.Decompress))
await using (var tar = new TarReader(gzip))
{
    while (assemblies.Count < wanted.Count && await tar.GetNextEntryAsync() is { } entry)
    {
        if (!wanted.TryGetValue(entry.Name, out var package) || entry.DataStream is null) continue;
        using var copy = new MemoryStream();
        await entry.DataStream.CopyToAsync(copy);
        assemblies[package.Id] = copy.ToArray();
    }
}

Directory.CreateDirectory(feed);
foreach (var package in packages)
{
    if (!assemblies.TryGetValue(package.Id, out var assembly))
    {
        Console.Error.WriteLine($"{package.Id}.dll is not in {tarball}.");
        return 1;
    }

    Write(package, assembly);
    Console.WriteLine($"  {package.Id} {package.Version}");
}

return 0;

void Write(FeedPackage package, byte[] assembly)
{
    var path = Path.Combine(feed, $"{package.Id}.{package.Version}.nupkg");
    using var file = File.Create(path + ".part");
    using (var zip = new ZipArchive(file, ZipArchiveMode.Create))
    {
        Add(zip, $"{package.Id}.nuspec", System.Text.Encoding.UTF8.GetBytes(Nuspec(package)));
        Add(zip, $"lib/{package.Framework}/{package.Id}.dll", assembly);
    }

    file.Dispose();
    File.Move(path + ".part", path, overwrite: true);
}

static void Add(ZipArchive zip, string name, byte[] content)
{
    using var stream = zip.CreateEntry(name).Open();
    stream.Write(content);
}

static string Nuspec(FeedPackage package) => $"""
    <?xml version="1.0" encoding="utf-8"?>
    <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
      <metadata>
        <id>{package.Id}</id>
        <version>{package.Version}</version>
        <authors>{package.Authors}</authors>
        <license type="expression">{package.License}</license>
        <description>The authors' own signed assembly, repackaged for a local feed.</description>
        <dependencies>
          <group targetFramework="{package.Framework}">
            {string.Concat(package.Dependencies.Select(d => d.Split(':')).Select(d => $"""<dependency id="{d[0]}" version="{d[1]}" />"""))}
          </group>
        </dependencies>
      </metadata>
    </package>
    """;

internal sealed record FeedPackage(string Id, string Version, string Framework, string[] Dependencies, string Authors = "Microsoft", string License = "MIT");
