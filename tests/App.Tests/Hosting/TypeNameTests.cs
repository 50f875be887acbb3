using System.Text.RegularExpressions;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Calls;

namespace ClickToDial.App.Tests.Hosting;

/// <summary>
/// The same files are compiled against Microsoft's packages, whose namespaces every file of App sees: a type of ours with the name of
/// one of theirs is ambiguous there, and only there.
/// </summary>
public sealed partial class TypeNameTests
{
    private const string Signatures = "tests/EmbeddedHost.Tests/Functions/Data/functions-api.txt";

    [Fact]
    public void TypesOfOurs_HaveNoNameOfTheRealHosts()
    {
        var theirs = File.ReadLines(Path.Combine(SettingsTests.Root, Signatures))
            .Select(line => Declared().Match(line)).Where(m => m.Success).Select(m => m.Groups["name"].Value).ToHashSet();
        var ours = new[] { typeof(AppComposition).Assembly, typeof(CallRecord).Assembly, typeof(Contracts.ContractsJson).Assembly }
            .SelectMany(a => a.GetTypes()).Where(t => !t.IsNested && t.Namespace is not null).Select(t => t.Name);

        Assert.Contains("WorkerOptions", theirs);
        Assert.Empty(ours.Intersect(theirs));
    }

    // Such as "abstract class Microsoft.DurableTask.TaskOrchestrationContext : ...".
    [GeneratedRegex(@"^[a-z ]*\b(class|interface|struct|enum|delegate|record) (Microsoft\.[A-Za-z.]+\.)(?<name>[A-Za-z0-9]+)", RegexOptions.None, 1000)]
    private static partial Regex Declared();
}
