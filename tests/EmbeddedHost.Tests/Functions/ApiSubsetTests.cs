using ClickToDial.EmbeddedHost.Functions;

namespace ClickToDial.EmbeddedHost.Tests.Functions;

/// <summary>What compiles against the embedded types must compile against the real ones.</summary>
public sealed class ApiSubsetTests
{
    private const string Mirror = "ClickToDial.EmbeddedHost.Functions";
    private const string Durable = "ClickToDial.EmbeddedHost.Durable";

    [Fact]
    public void EveryPublicMember_IsOneOfTheRealPackages()
    {
        var api = RealApi.Load();
        var types = typeof(FunctionAttribute).Assembly.GetExportedTypes().Where(t => RealNamespace(t) is not null).ToList();
        Assert.True(types.Count > 15, "The mirrored namespaces were not found.");
        var extras = types.SelectMany(t => api.Extras(DescribedType.Of(t, RealNamespace(t)!))).ToList();
        Assert.True(extras.Count == 0, string.Join(Environment.NewLine, extras));
    }

    [Fact]
    public void NamespacesBesideTheMirror_AreOnlyTheHostsOwn()
    {
        var others = typeof(FunctionAttribute).Assembly.GetExportedTypes().Where(t => RealNamespace(t) is null).Select(t => t.Namespace);
        Assert.Equal(["ClickToDial.EmbeddedHost.Runtime"], others.Distinct());
    }

    [Fact]
    public void NoNamespaceOfMicrosofts_IsDeclared() =>
        Assert.DoesNotContain(
            typeof(FunctionAttribute).Assembly.GetTypes(),
            t => t.Namespace?.StartsWith("Microsoft.Azure", StringComparison.Ordinal) == true
                || t.Namespace?.StartsWith("Microsoft.DurableTask", StringComparison.Ordinal) == true);

    [Theory]
    [InlineData(typeof(Fakes.UnheardOfAttribute), "no such type")]
    [InlineData(typeof(Fakes.TimerInfo), "string? Extra { get; }")]
    [InlineData(typeof(Fakes.FunctionAttribute), "ctor(string name, int level)")]
    [InlineData(typeof(Fakes.ScheduleStatus), "DateTime? Next { get; set; }")]
    [InlineData(typeof(Fakes.QueueTriggerAttribute), "is 'class'")]
    [InlineData(typeof(Fakes.AuthorizationLevel), "Guest = 5")]
    [InlineData(typeof(Fakes.FunctionDefinition), "derives from ICloneable")]
    [InlineData(typeof(Fakes.FunctionContextExtensions), "static HttpContext? GetHttpContext(this FunctionContext context, bool really = false)")]
    public void TypeThatIsNoSubset_IsFound(Type fake, string expected) =>
        Assert.Contains(
            RealApi.Load().Extras(DescribedType.Of(fake, "Microsoft.Azure.Functions.Worker")),
            e => e.Contains(expected, StringComparison.Ordinal));

    private static string? RealNamespace(Type type) => type.Namespace switch
    {
        Mirror + ".Hosting" => "Microsoft.Extensions.Hosting",
        Durable => "Microsoft.DurableTask",
        Durable + ".Client" => "Microsoft.DurableTask.Client",
        { } name when name == Mirror || name.StartsWith(Mirror + ".", StringComparison.Ordinal) =>
            "Microsoft.Azure.Functions.Worker" + name[Mirror.Length..],
        _ => null,
    };
}
