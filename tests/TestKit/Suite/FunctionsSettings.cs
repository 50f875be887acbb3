using System.Globalization;

namespace ClickToDial.TestKit.Suite;

/// <summary>The environment of a functions process of a test.</summary>
internal sealed record FunctionsSettings(int Port, string Storage, string SeedFile, Uri Worker, SuiteSecrets Secrets, string SpanFile)
{
    public Dictionary<string, string?> Environment() => new()
    {
        ["Logging__LogLevel__Microsoft"] = "Warning",
        // Tells when a function was executed, which tests wait for.
        ["Logging__LogLevel__Function"] = "Debug",
        ["FUNCTIONS_PORT"] = Port.ToString(CultureInfo.InvariantCulture),
        ["AzureWebJobsStorage"] = Storage,
        ["AppStorage"] = Storage,
        ["Directory__SeedFile"] = SeedFile,
        ["Directory__WorkerTokens__0"] = Secrets.WorkerToken,
        ["Directory__EncryptionKey"] = $"k1:{Secrets.EncryptionKey}",
        ["Sessions__Issuer"] = $"http://127.0.0.1:{Port}",
        ["Sessions__SigningKeys__0"] = Secrets.SigningKey,
        ["Worker__Url"] = Worker.ToString(),
        ["Worker__ControlToken"] = Secrets.ControlToken,
        ["Webhooks__PbxTokens__0"] = Secrets.PbxToken,
        ["Hooks__Secrets__0"] = Secrets.HookSecret,
        ["Telemetry__SpanFile"] = SpanFile,
        // A loaded machine may be slow; what a test stops refuses at once.
        ["AppStorage__TimeoutSeconds"] = "20",
        ["Webhooks__QueueTimeoutSeconds"] = "20",
        ["Worker__TimeoutSeconds"] = "15",
        // Subscribers of tests are on this machine.
        ["Egress__AllowNetworks__0"] = "127.0.0.0/8",
        ["Egress__AllowPlainHttp"] = "true",
    };
}
