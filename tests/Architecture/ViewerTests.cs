using System.Diagnostics;

namespace ClickToDial.Architecture;

/// <summary>`./dev up --observe`, as far as it goes without a viewer: which one is taken, and what the parts are told of it.</summary>
[Trait("row", "B5")]
public sealed class ViewerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("viewer-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact(DisplayName = "B5: a viewer of traces that is installed is started and every part sends to it; where there is none it is said what to do")]
    public async Task Viewer_is_found_and_told_to_the_parts()
    {
        var none = await FindAsync();
        Assert.Contains("./dev trace", none, StringComparison.Ordinal);
        Assert.EndsWith("none functions.spans.jsonl", none, StringComparison.Ordinal);

        var viewer = Path.Combine(_folder.FullName, "jaeger");
        await File.WriteAllTextAsync(viewer, "#!/bin/sh\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(viewer, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal("viewer http://localhost:16686 http://127.0.0.1:4318 functions.spans.jsonl", await FindAsync());
    }

    private async Task<string> FindAsync()
    {
        var script = $$"""
            import { viewerPart } from '{{Module("viewer.mjs")}}';
            import { telemetrySettings } from '{{Module("settings.mjs")}}';
            process.env.PATH = '{{_folder.FullName}}';
            const found = viewerPart('{{_folder.FullName}}');
            const { Telemetry__OtlpEndpoint: endpoint, Telemetry__SpanFile: file } = telemetrySettings('.', 'functions', found);
            console.log([found ? found.part.name : 'none', found?.page, endpoint, file.slice(2)].filter(Boolean).join(' '));
            """;
        Assert.SkipWhen(Node() is null, "Node.js is not installed.");
        using var process = Process.Start(new ProcessStartInfo(Node()!, ["--input-type=module", "--eval", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var faults = process.StandardError.ReadToEndAsync(limit.Token);
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, await faults);
        return output.Trim();
    }

    private static string? Node() =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "node")).FirstOrDefault(File.Exists);

    private static Uri Module(string name) => new(Path.Combine(Repository.Root, ".dev/up", name));
}
