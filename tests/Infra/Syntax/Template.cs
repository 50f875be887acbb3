namespace ClickToDial.Infra.Syntax;

/// <summary>One .bicep file.</summary>
/// <param name="Path">From the root of the repository, with slashes.</param>
internal sealed record Template(string Path, IReadOnlyList<string> Errors, IReadOnlyList<Node> Nodes)
{
    public IEnumerable<Node> Of(string type) => Nodes.Where(node => node.Type == type);

    public IEnumerable<Parameter> Parameters => Of("parameter_declaration").Select(node => new Parameter(node.Parts[0].Text!, node.Parts.Count > 2));

    public IEnumerable<string> Outputs => Of("output_declaration").Select(node => node.Parts[0].Text!);

    public IEnumerable<Declared> Resources => Of("resource_declaration").Select(Declared.Read);

    public IEnumerable<Declared> Modules => Of("module_declaration").Select(Declared.Read);

    public override string ToString() => Path;
}

/// <param name="HasDefault">Need not be given.</param>
internal sealed record Parameter(string Name, bool HasDefault);

/// <summary>A resource or a module.</summary>
/// <param name="Reference">Type and API version, or the module's path.</param>
internal sealed record Declared(string Symbol, string Reference, bool Existing, IReadOnlyList<Node> Bodies, int Line)
{
    public static Declared Read(Node node) =>
        new(node.Parts[0].Text!, node.Parts[1].Literal ?? "", node.Existing, [.. node.Parts[^1].Objects], node.Line);
}
