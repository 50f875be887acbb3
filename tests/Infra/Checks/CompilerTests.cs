using System.Diagnostics;
using ClickToDial.Infra.Syntax;

namespace ClickToDial.Infra.Checks;

/// <summary>Microsoft's own compiler, where it is at hand.</summary>
[Trait("row", "D6")]
public sealed class CompilerTests
{
    private static readonly string? Compiler = $"{Environment.GetEnvironmentVariable("PATH")}:{Environment.GetEnvironmentVariable("HOME")}/.azure/bin"
        .Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, "bicep")).FirstOrDefault(File.Exists);

    public static TheoryData<string, string> Runs => new()
    {
        { "build", "infra/main.bicep" },
        { "lint", "infra/main.bicep" },
        { "build-params", "infra/environments/dev.bicepparam" },
        { "build-params", "infra/environments/test.bicepparam" },
        { "build-params", "infra/environments/prod.bicepparam" },
    };

    [Theory(DisplayName = "D6: the Bicep compiler, where there is one, finds no fault")]
    [MemberData(nameof(Runs))]
    public async Task The_compiler_finds_no_fault(string verb, string path)
    {
        Assert.SkipWhen(Compiler is null, "The Bicep CLI is not installed: https://learn.microsoft.com/azure/azure-resource-manager/bicep/install");
        string[] output = verb == "lint" ? [] : ["--stdout"];
        using var process = Process.Start(new ProcessStartInfo(Compiler!, [verb, Path.Combine(Templates.Root, path), .. output])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            // What deploy takes from the environment.
            Environment = { ["CTD_LOCATION"] = "westeurope", ["CTD_SSH_PUBLIC_KEY"] = "ssh-ed25519 AAAA", ["CTD_IMAGE_TAG"] = "test" },
        })!;
        var said = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var faults = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, faults);
        Assert.DoesNotContain("Error ", faults, StringComparison.Ordinal);
        _ = await said;
    }
}
