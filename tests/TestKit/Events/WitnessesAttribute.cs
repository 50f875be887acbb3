using System.Collections.Concurrent;
using System.Reflection;
using Xunit;
using Xunit.v3;

namespace ClickToDial.TestKit.Events;

/// <summary>
/// For a test assembly: the output of a test that fails ends with what every <see cref="Witness"/> said while it ran. Tests that run at
/// once share witnesses, so it may be of another.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class WitnessesAttribute : BeforeAfterTestAttribute
{
    private const int Lines = 60;
    private const int LongestLine = 400;

    private readonly ConcurrentDictionary<string, Dictionary<object, int>> _began = new();

    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => _began[test.UniqueID] = Witness.Positions();

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (!_began.TryRemove(test.UniqueID, out var began) || TestContext.Current.TestState?.Result != TestResult.Failed) return;
        foreach (var (name, lines) in Witness.Since(began))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"-- {name}, last of {lines.Count} lines");
            foreach (var line in lines.TakeLast(Lines))
                TestContext.Current.TestOutputHelper?.WriteLine(line.Length <= LongestLine ? line : $"{line[..LongestLine]}...");
        }
    }
}
