using System.Text.Json;
using System.Text.RegularExpressions;
using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.App.Sessions;
using ClickToDial.Core.Problems;
using ClickToDial.EmbeddedHost.Functions.Builder;
using ClickToDial.EmbeddedHost.Runtime;
using ClickToDial.TestKit.Processes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClickToDial.App.Tests.Hosting;

public sealed partial class SettingsTests
{
    /// <summary>Settings that only Azure needs, or that stand for another setting of the sample.</summary>
    private static readonly HashSet<string> NotInTheSample =
    [
        "AppStorage__TableServiceUri", "AppStorage__QueueServiceUri", "AppStorage__BlobServiceUri",
        "EventBus__FullyQualifiedNamespace", "Worker__MoreUrls__0", "Sessions__SigningKeys__0", "Directory__PreviousEncryptionKeys__0", "Webhooks__DomainTokens__0", "Webhooks__AllowFrom__0", "Access__TrustedProxies__0", "Hooks__WcsKeys__0", "Turn__Urls__0", "Turn__Secret", "Secrets__Folder", "Secrets__VaultUri", "Telemetry__Insights", "Telemetry__InsightsIdentity",
        "Webhooks__Sources__NAME__Domain", "Webhooks__Sources__NAME__Tokens__0", "Webhooks__Sources__NAME__AllowFrom__0", "Webhooks__Sources__NAME__SigningSecrets__0", "Webhooks__Sources__NAME__MustSign",
    ];

    private static readonly HashSet<string> OfTheHost = ["FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage"];

    [Fact]
    public void Sample_HasEverySettingAndNoOther()
    {
        var sample = Sample().Keys.Where(k => !OfTheHost.Contains(k));

        Assert.Equal(Settings().Where(s => !NotInTheSample.Contains(s)).Order(), sample.Order());
    }

    [Fact]
    public void Sample_WithRandomSecrets_IsValid()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Sample().Select(p => KeyValuePair.Create(
            p.Key.Replace("__", ":"), (string?)Placeholder().Replace(p.Value, new string('a', 32))))).Build();

        Assert.All(OptionTypes(), type =>
        {
            var section = Section(type);
            var options = (ICheckedOptions)(configuration.GetSection(section).Get(type) ?? Activator.CreateInstance(type)!);
            if (options is StorageOptions storage) storage.ConnectionString = configuration[section];
            Assert.DoesNotContain(options.Faults(), f => f != "SeedFile: cannot be read");
        });
    }

    [Fact]
    public void SampleSeed_IsValidOnceItsSecretsAreFilledIn()
    {
        var text = File.ReadAllText(Path.Combine(Root, "functions/App/Directory/seed.sample.json"));
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            Assert.Contains(Directory(file), f => f.Contains("placeholder", StringComparison.Ordinal));
            File.WriteAllText(file, Placeholder().Replace(text, new string('a', 32)));
            Assert.Empty(Directory(file));
        }
        finally
        {
            File.Delete(file);
        }

        static IReadOnlyList<string> Directory(string path) => ClickToDial.App.Directory.DirectorySeed.Faults(path);
    }

    [Fact]
    public async Task NothingConfigured_SaysEverythingThatIsMissingAtOnce()
    {
        var failure = await StartAsync([]);

        Assert.All(
            ["AppStorage: set it", "Directory: EncryptionKey", "Directory: WorkerTokens", "Sessions: Issuer", "Sessions: SigningKeys",
                "Worker: Url", "Worker: ControlToken", "Webhooks: PbxTokens"],
            fault => Assert.Contains(failure, f => f.Contains(fault, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task BadValues_AreNamedWithoutBeingRepeated()
    {
        var failure = await StartAsync(
            ["--Directory:EncryptionKey", "tell-nobody", "--Sessions:SigningKeys:0", "tell-nobody", "--Worker:ControlToken", "tell-nobody",
                "--Webhooks:PbxTokens:0", "tell-nobody", "--Calls:QuietSeconds", "1", "--Sessions:MaxSeconds", "1", "--AppStorage:TimeoutSeconds", "0", "--EventBus", "tell-nobody", "--EventBus:FullyQualifiedNamespace", "tell-nobody:1",
                "--Directory:SeedFile", "/no/such/file", "--Directory:PreviousEncryptionKeys:0", "x", "--Directory:WorkerTokens:0", "x"]);

        Assert.All(
            ["Calls: QuietSeconds", "EventBus: a connection string and", "EventBus: FullyQualifiedNamespace must", "EventBus: it is no connection", "MaxSeconds must rise", "TimeoutSeconds", "SigningKeys:0", "PbxTokens:0", "SeedFile: cannot be read", "WorkerTokens:0"],
            fault => Assert.Contains(failure, f => f.Contains(fault, StringComparison.Ordinal)));
        Assert.All(failure, f => Assert.DoesNotContain("tell-nobody", f));
    }

    [Theory]
    [InlineData("Sessions: Issuer is missing", true)]
    [InlineData("Worker: Url must be an http or https address", true)]
    [InlineData("- Function 'SweepCalls': The connection 'AzureWebJobsStorage' is not set.", false)]
    public async Task Program_WithoutSettings_SaysEachFaultOnItsLineAndNothingElse(string fault, bool hasConnections)
    {
        await using var app = ChildProcess.Start(new ChildProcessOptions(
            "app", "dotnet", [typeof(AppComposition).Assembly.Location, "--port", "0",
                "--AppStorage", "UseDevelopmentStorage=true", "--AzureWebJobsStorage", hasConnections ? "UseDevelopmentStorage=true" : ""]));

        await app.SaysAsync(l => l == fault, "the fault");
        Assert.Equal(StartFaults.ExitCode, await app.ExitAsync());
        Assert.DoesNotContain(app.Output.Snapshot(), l => l.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public void StartFaults_AreReadFromEveryKindOfRefusal()
    {
        var options = new OptionsValidationException("", typeof(SessionOptions), ["a", "b"]);
        Assert.Equal(["a", "b", "x:", "- y"], StartFaults.Of(new AggregateException(options, new InvalidOperationException("x:\n- y"))));
        Assert.Empty(StartFaults.Of(new AggregateException(options, new FormatException("a defect"))));
    }

    [Fact]
    public void LocalKeyFile_IsMadeOnceForItsOwnerAlone()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("key-");
        try
        {
            var path = Path.Combine(folder.FullName, "deeper", "key.pem");
            var first = new SessionOptions { KeyFile = path }.ReadKeys().Current;

            Assert.Equal(first.Id, new SessionOptions { KeyFile = path }.ReadKeys().Current.Id);
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void SigningKey_MayStandOnOneLineOrInAFile()
    {
        var pem = Core.Sessions.SigningKey.Generate().ToPem();
        var file = Path.GetTempFileName();
        File.WriteAllText(file, pem);
        try
        {
            var options = new SessionOptions { SigningKeys = { pem.Replace("\n", "\\n"), "file:" + file } };
            Assert.Equal(Core.Sessions.SigningKey.FromPem(pem).Id, Assert.Single(options.ReadKeys().Keys).Id);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Readme_ListsEverySettingAndEveryProblem()
    {
        var readme = File.ReadAllText(Path.Combine(Root, "functions/README.md"));

        Assert.All(Settings(), s => Assert.Contains($"`{s.Replace("__0", "__n")}`", readme));
        Assert.All(KnownProblems.All, p => Assert.Contains($"| `{p.Reason}` | {p.Status} |", readme));
    }

    internal static string Root { get; } = FindRoot();

    private static async Task<List<string>> StartAsync(string[] settings)
    {
        var builder = FunctionsApplication.CreateBuilder(["--port", "0", .. settings]);
        builder.Logging.ClearProviders();
        builder.AddClickToDial();
        // One function without a connection: the host refuses missing connections by itself, before the app's options are looked at.
        builder.Services.Configure<EmbeddedHostOptions>(host => host.FunctionTypes.Add(typeof(CreateSession)));
        using var host = builder.Build();
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());
        var all = failure is AggregateException aggregate ? aggregate.InnerExceptions : [failure];
        return [.. all.Cast<OptionsValidationException>().SelectMany(e => e.Failures)];
    }

    private static Dictionary<string, string> Sample() =>
        JsonElement.Parse(File.ReadAllText(Path.Combine(Root, "local.settings.sample.json"))).GetProperty("Values")
            .EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);

    private static IEnumerable<Type> OptionTypes() =>
        typeof(AppComposition).Assembly.GetTypes().Where(t => t is { IsClass: true } && t.IsAssignableTo(typeof(ICheckedOptions)));

    private static string Section(Type options) => (string)options.GetField("Section")!.GetRawConstantValue()!;

    private static IEnumerable<string> Settings() => OptionTypes().SelectMany(type => Settings(type, Section(type)));

    private static IEnumerable<string> Settings(Type type, string prefix) => type.GetProperties().SelectMany<System.Reflection.PropertyInfo, string>(p =>
        p.Name == nameof(StorageOptions.ConnectionString) ? [prefix]
        : p.PropertyType == typeof(IList<string>) ? [$"{prefix}__{p.Name}__0"]
        : p.PropertyType.Name.StartsWith("IDictionary", StringComparison.Ordinal) ? Settings(p.PropertyType.GetGenericArguments()[1], $"{prefix}__{p.Name}__NAME")
        : [$"{prefix}__{p.Name}"]);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Serverless.sln"))) folder = folder.Parent;
        return folder.FullName;
    }

    [GeneratedRegex(@"\$\{random:[A-Z0-9_]+\}")]
    private static partial Regex Placeholder();
}
