using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace ClickToDial.Architecture.FunctionsWorker;

/// <summary>
/// The function app as it is built for Azure (<c>FunctionsHost=azure</c>), compiled against the signatures of Microsoft's packages, which
/// some package sources lack. What the packages do is not in them.
/// </summary>
[Trait("row", "D6")]
public sealed class AzureBuildTests
{
    private static readonly string Dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    // Those that the app's own build runs; others are for what a project turns on.
    private static readonly string[] Generators =
        ["Microsoft.Extensions.Logging.Generators.dll", "System.Text.Json.SourceGeneration.dll", "System.Text.RegularExpressions.Generator.dll"];

    private static string Here => Path.Combine(Repository.Root, "tests", "Architecture", "FunctionsWorker");

    [Fact(DisplayName = "D6: the function app compiles against the signatures of Azure's Functions worker")]
    public async Task The_app_compiles_for_Azure()
    {
        var compiler = Newest(Path.Combine(Dotnet, "sdk"), "Roslyn/bincore/csc.dll");
        Assert.SkipWhen(compiler is null, "The .NET SDK is not beside the runtime that runs this.");
        var folder = Directory.CreateTempSubdirectory("azure-build-");
        try
        {
            var stubs = Path.Combine(folder.FullName, "stubs.cs");
            await File.WriteAllTextAsync(stubs, Stubs.Of(await File.ReadAllTextAsync(Path.Combine(Here, "signatures.txt"))));
            var arguments = Path.Combine(folder.FullName, "arguments");
            string[] options = ["-target:exe", "-nullable:enable", "-langversion:14", "-warn:0", "-nologo", $"-out:{Path.Combine(folder.FullName, "app.dll")}"];
            await File.WriteAllLinesAsync(arguments, [.. options, .. References(), .. Sources(), stubs, Path.Combine(Here, "unlisted.txt")]);
            Assert.Equal("", await CompileAsync(compiler!, arguments));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // The framework's reference assemblies with their generators, and of what the app was built with whatever is not of the framework.
    private static IEnumerable<string> References()
    {
        string[] packs = ["Microsoft.NETCore.App.Ref", "Microsoft.AspNetCore.App.Ref"];
        var folders = packs.Select(pack => Newest(Path.Combine(Dotnet, "packs", pack), ".")!).ToList();
        var framework = folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(folder, "ref/net10.0"), "*.dll")).ToList();
        var generators = folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(folder, "analyzers/dotnet/cs"), "*.dll")).Where(file => Generators.Contains(Path.GetFileName(file)));
        var known = framework.Select(Path.GetFileName).Append("ClickToDial.App.dll").Append("ClickToDial.EmbeddedHost.dll").ToHashSet();
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var built = Directory.EnumerateFiles(Path.Combine(Repository.Root, "functions/App/bin", configuration, "net10.0"), "*.dll").Where(file => !known.Contains(Path.GetFileName(file)));
        return framework.Concat(built).Select(file => $"-r:\"{file}\"").Concat(generators.Select(file => $"-analyzer:\"{file}\""));
    }

    private static IEnumerable<string> Sources() =>
        Repository.FilesIn("functions/App/", ".cs").Where(file => !file.EndsWith("GlobalUsings.Embedded.cs", StringComparison.Ordinal))
            .Select(file => Path.Combine(Repository.Root, file))
            // And what its project takes from elsewhere.
            .Concat(Regex.Matches(Repository.Read("functions/App/ClickToDial.App.csproj"), "<Compile Include=\"([^\"]+)\"")
                .Select(match => Path.GetFullPath(Path.Combine(Repository.Root, "functions/App", match.Groups[1].Value))))
            .Select(file => $"\"{file}\"");

    private static string? Newest(string folder, string file) => !Directory.Exists(folder) ? null : Directory.EnumerateDirectories(folder)
        .OrderByDescending(version => Version.TryParse(Path.GetFileName(version).Split('-')[0], out var known) ? known : new Version())
        .Select(version => Path.Combine(version, file)).FirstOrDefault(Path.Exists);

    private static async Task<string> CompileAsync(string compiler, string arguments)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(5));
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Dotnet, "dotnet"), ["exec", compiler, "-noconfig", "@" + arguments])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        try
        {
            var said = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return said;
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
