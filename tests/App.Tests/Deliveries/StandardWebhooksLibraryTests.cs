using System.Diagnostics;
using System.Globalization;
using System.Text;
using ClickToDial.Core.Webhooks;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.App.Tests.Deliveries;

/// <summary>Our signatures under the eyes of the specification's own library for Node.js.</summary>
public sealed class StandardWebhooksLibraryTests
{
    private const string Secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private const string Other = "whsec_YWJjZGVmYWJjZGVmYWJjZGVmYWJjZGVmYWJjZGVmYWI=";
    private const string Script = """
        const { Webhook } = require(process.argv[1]);
        const [secret, headers, body] = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        try { new Webhook(secret).verify(body, headers); console.log('good'); } catch (e) { console.log('bad ' + e.message); }
        """;

    [Theory]
    [InlineData(Secret, "", true)]
    [InlineData(Other, "", true)]
    [InlineData("whsec_bm90IHRoZSBzZWNyZXQgdGhhdCBpdCB3YXMgc2lnbmVk", "", false)]
    [InlineData(Secret, " ", false)]
    public async Task Library_TakesWhatWeSignedAndNothingElse(string secret, string added, bool good)
    {
        Assert.SkipWhen(!Tool.Node.IsInstalled, Tool.Node.Missing ?? "");
        Assert.SkipWhen(Library is null, "The npm package standardwebhooks is not installed (`dev restore` puts it into .local/tools).");
        var (now, body) = (TimeProvider.System.GetUtcNow(), """{"type":"user_inbound","name":"Zoë"}""");
        byte[][] keys = [.. new[] { Secret, Other }.Select(s => StandardWebhook.TryReadSecret(s, out var key) ? key : [])];
        var headers = new Dictionary<string, string>
        {
            [StandardWebhook.IdHeader] = "call.1",
            [StandardWebhook.TimestampHeader] = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            [StandardWebhook.SignatureHeader] = StandardWebhook.Sign(keys, "call.1", now, Encoding.UTF8.GetBytes(body)),
        };

        var said = await AskAsync(System.Text.Json.JsonSerializer.Serialize(new object[] { secret, headers, body + added }));

        Assert.Equal(good, said == "good");
        if (!good) Assert.Equal("bad No matching signature found", said);
    }

    private static string? Library { get; } = Find();

    private static async Task<string> AskAsync(string input)
    {
        using var node = Process.Start(new ProcessStartInfo("node", ["-e", Script, Library!]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await node.StandardInput.WriteAsync(input);
        node.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var said = await node.StandardOutput.ReadToEndAsync(limit.Token);
        await node.WaitForExitAsync(limit.Token);
        return said.Trim();
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, ".local/tools/node_modules/standardwebhooks") is var package && System.IO.Directory.Exists(package)) return package;
        return null;
    }
}
