using ClickToDial.Infra.Syntax;
using ClickToDial.Infra.Types;

namespace ClickToDial.Infra.Checks;

[Trait("row", "D6")]
public sealed class ResourceTests
{
    private static readonly AzureTypes Azure = new();

    public ResourceTests() => Assert.SkipWhen(Templates.WhyNot is not null, Templates.WhyNot ?? "");

    [Fact]
    public void Every_type_and_version_exists()
    {
        var resources = Templates.Bicep.SelectMany(template => template.Resources.Select(resource => (template, resource))).ToList();
        Assert.NotEmpty(resources);
        Faults.None(resources.Where(r => !Azure.Knows(r.resource.Reference)).Select(r => $"{r.template}, line {r.resource.Line}: {r.resource.Reference}"));
    }

    [Fact]
    public void Every_property_exists_and_none_that_is_required_is_missing()
    {
        var faults = from template in Templates.Bicep
                     from resource in template.Resources
                     where !resource.Existing && Azure.Knows(resource.Reference)
                     from fault in Azure.Faults(resource)
                     select $"{template}, {fault}";
        Faults.None(faults);
    }

    [Fact]
    public void One_type_has_one_version_everywhere()
    {
        var versions = Templates.Bicep.SelectMany(template => template.Resources)
            .GroupBy(resource => resource.Reference.Split('@')[0], resource => resource.Reference.Split('@')[1])
            .Where(group => group.Distinct().Count() > 1);
        Faults.None(versions.Select(group => $"{group.Key}: {string.Join(", ", group.Distinct())}"));
    }

    [Fact]
    public void Everything_that_can_be_tagged_is_tagged()
    {
        string[] untagged = ["blobServices", "queueServices", "containers", "queues", "networkRuleSets", "diagnosticSettings", "roleAssignments", "config", "A", "eventSubscriptions"];
        var faults = from template in Templates.Bicep
                     from resource in template.Resources
                     where !resource.Existing && !untagged.Contains(resource.Reference.Split('@')[0].Split('/')[^1])
                     where resource.Bodies.Any(body => body.Property("tags") is null)
                     select $"{template}: {resource.Symbol}";
        Faults.None(faults);
    }
}
