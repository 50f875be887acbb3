using System.Globalization;

namespace ClickToDial.TestKit.Suite;

/// <summary>The environment of a functions process of a test.</summary>
internal sealed record FunctionsSettings(int Port, string Storage, string SeedFile, Uri Worker, SuiteSecrets Secrets)
{
    public Dictionary<string, string?> Environment() => new()
    {
        ["FUNCTIONS_PORT"] = Port.ToString(CultureInfo.InvariantCulture),
        ["AzureWebJobsStorage"] = Storage,
        ["Storage"] = Storage,
        ["Directory__SeedFile"] = SeedFile,
        ["Directory__WorkerToken"] = Secrets.WorkerToken,
        ["Directory__EncryptionKey"] = Secrets.EncryptionKey,
        ["Sessions__SigningKey"] = Secrets.SigningKey,
        ["Worker__Url"] = Worker.ToString(),
        ["Worker__ControlToken"] = Secrets.ControlToken,
        ["Webhooks__PbxToken"] = Secrets.PbxToken,
    };
}
