using System.Reflection;

namespace ClickToDial.TestKit.Suite;

/// <summary>Where the product's programs are: built beside the tests, in the same configuration.</summary>
public static class Product
{
    public static string RepositoryRoot { get; } = Metadata("RepositoryRoot");

    /// <summary>In which everything was built, such as Release.</summary>
    public static string Configuration => Metadata("Configuration");

    public static string FunctionsProgram { get; } = Program("functions/App", "ClickToDial.App");

    public static string WorkerProgram { get; } = Program("worker/Host", "ClickToDial.Worker");

    public static string SeedSample { get; } = Path.Combine(RepositoryRoot, "functions/App/Directory/seed.sample.json");

    private static string Program(string project, string name) =>
        Path.Combine(RepositoryRoot, project, "bin", Metadata("Configuration"), Metadata("TargetFramework"), name);

    private static string Metadata(string key) =>
        typeof(Product).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
