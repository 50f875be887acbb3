using System.Diagnostics;
using ClickToDial.App.OpenApi;
using ClickToDial.TestKit.Processes;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.App.Tests.OpenApi;

/// <summary>A linter that is not ours finds nothing wrong with the description of the API.</summary>
public sealed class OpenApiLintTests
{
    [Fact]
    public async Task Document_PassesAForeignLinter() => Assert.Empty(await LintAsync(OpenApiDocument.Json));

    [Theory]
    [InlineData("\"operationId\":\"GetCall\"", "\"operationId\":\"ListCalls\"", "error operation-operationId-unique")]
    [InlineData("/schemas/ProblemBody\"", "/schemas/Nothing\"", "error invalid-ref")]
    [InlineData("\"in\":\"query\"", "\"in\":\"nowhere\"", "error oas3-schema")]
    [InlineData("\"description\":\"Only this call.\",", "", "warning oas3-parameter-description")]
    public async Task WhatIsWrong_IsFound(string right, string wrong, string fault)
    {
        Assert.Contains(right, OpenApiDocument.Json, StringComparison.Ordinal);
        var document = OpenApiDocument.Json.Replace(right, wrong, StringComparison.Ordinal);

        Assert.Contains(await LintAsync(document), line => line.StartsWith(fault, StringComparison.Ordinal));
    }

    /// <returns>A line for each thing that is wrong.</returns>
    private static async Task<string[]> LintAsync(string document)
    {
        var folder = Path.Combine(Product.RepositoryRoot, "tests/App.Tests/OpenApi/Spectral");
        Assert.SkipUnless(Tool.Node.IsInstalled, Tool.Node.Missing);
        Assert.SkipUnless(System.IO.Directory.Exists(Path.Combine(folder, "node_modules")), "The linter is not installed (`dev test` installs it).");
        var start = new ProcessStartInfo(Tool.Node.Path!, [Path.Combine(folder, "check.mjs")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var linter = Process.Start(start)!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            var (lines, errors) = (linter.StandardOutput.ReadToEndAsync(patience.Token), linter.StandardError.ReadToEndAsync(patience.Token));
            await linter.StandardInput.WriteAsync(document.AsMemory(), patience.Token);
            linter.StandardInput.Close();
            await linter.WaitForExitAsync(patience.Token);
            Assert.True(linter.ExitCode == 0, await errors);
            return (await lines).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            if (!linter.HasExited) linter.Kill(entireProcessTree: true);
        }
    }
}
