using ClickToDial.Infra.Syntax;

namespace ClickToDial.Infra.Checks;

[Trait("row", "D6")]
public sealed class SyntaxTests
{
    public SyntaxTests() => Assert.SkipWhen(Templates.WhyNot is not null, Templates.WhyNot ?? "");

    [Fact]
    public void Every_template_and_parameter_file_parses()
    {
        Assert.NotEmpty(Templates.All);
        Faults.None(Templates.All.SelectMany(template => template.Errors.Select(error => $"{template}: {error}")));
    }

    [Fact]
    public void Every_module_is_there_and_is_given_what_it_needs_and_no_more()
    {
        var faults = new List<string>();
        foreach (var template in Templates.Bicep)
            foreach (var module in template.Modules)
                faults.AddRange(FaultsOf(template, module).Select(fault => $"{template}, line {module.Line}: {fault}"));
        Faults.None(faults);
    }

    [Fact]
    public void Every_output_of_a_module_that_is_read_exists()
    {
        var faults = from template in Templates.Bicep
                     from module in template.Modules
                     let outputs = Target(template, module)?.Outputs.ToHashSet() ?? []
                     from output in OutputsRead(template, module.Symbol)
                     where !outputs.Contains(output.Name)
                     select $"{template}, line {output.Line}: {module.Symbol} has no output {output.Name}";
        Faults.None(faults);
    }

    [Fact]
    public void Every_name_is_declared_and_every_declaration_is_used()
    {
        var faults = new List<string>();
        foreach (var template in Templates.Bicep)
        {
            var names = new Names(template);
            faults.AddRange(names.Unknown.Select(name => $"{template}: {name} is not declared"));
            faults.AddRange(names.Unused.Select(name => $"{template}: {name} is declared and not used"));
        }
        Faults.None(faults);
    }

    [Fact]
    public void Every_environment_gives_the_parameters_that_have_no_default_and_no_others()
    {
        var main = Templates.At("infra/main.bicep").Parameters.ToList();
        string[] environments = ["dev", "test", "prod"];
        foreach (var environment in environments)
        {
            var given = Templates.At($"infra/environments/{environment}.bicepparam").Of("variable_declaration").Select(node => node.Parts[0].Text!).ToList();
            Faults.None(given.Except(main.Select(p => p.Name)));
            Faults.None(main.Where(p => !p.HasDefault).Select(p => p.Name).Except(given));
        }
    }

    private static IEnumerable<string> FaultsOf(Template template, Declared module)
    {
        if (Target(template, module) is not { } target) return [$"there is no {module.Reference}"];
        var given = module.Bodies.SelectMany(body => body.Property("params")?.Properties ?? []).Select(property => property.Name).ToHashSet();
        var known = target.Parameters.ToList();
        return given.Except(known.Select(p => p.Name)).Select(name => $"{module.Reference} has no parameter {name}")
            .Concat(known.Where(p => !p.HasDefault && !given.Contains(p.Name)).Select(p => $"{module.Reference} needs {p.Name}"));
    }

    private static Template? Target(Template template, Declared module)
    {
        var path = Path.Combine(Path.GetDirectoryName(template.Path)!, module.Reference);
        return Templates.All.FirstOrDefault(other => other.Path == path);
    }

    // symbol.outputs.NAME
    private static IEnumerable<(string Name, int Line)> OutputsRead(Template template, string symbol) =>
        from node in template.Nodes.SelectMany(node => node.All)
        where node is { Type: "member_expression", Parts: [{ Type: "member_expression", Parts: [{ Type: "identifier" } owner, { Text: "outputs" }] }, _] }
        where node.Parts[0].Parts[0].Text == symbol
        select (node.Parts[1].Text!, node.Line);
}
