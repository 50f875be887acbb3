namespace ClickToDial.Infra.Syntax;

/// <summary>What a template declares, and what it uses.</summary>
internal sealed class Names
{
    // Functions and namespaces of the language that the templates use.
    private static readonly string[] BuiltIn =
    [
        "array", "base64", "empty", "environment", "format", "guid", "join", "length", "loadTextContent", "reduce", "replace", "resourceGroup", "resourceId",
        "split", "string", "subscriptionResourceId", "substring", "tenant", "toLower", "union", "uniqueString",
    ];

    private readonly HashSet<string> _declared = [];
    private readonly HashSet<string> _inner = [];
    private readonly HashSet<string> _used = [];

    public Names(Template template)
    {
        foreach (var node in template.Nodes)
        {
            if (node.Type is "parameter_declaration" or "variable_declaration" or "resource_declaration" or "module_declaration" or "user_defined_function")
                _declared.Add(node.Parts[0].Text!);
            Read(node, skipFirst: node.Type.EndsWith("_declaration", StringComparison.Ordinal) || node.Type == "user_defined_function");
        }
        Outer = [.. template.Nodes.Where(node => node.Type is "resource_declaration").Select(node => node.Parts[0].Text!)];
    }

    /// <summary>Resources, which do their work without being referred to.</summary>
    private HashSet<string> Outer { get; }

    public IEnumerable<string> Unknown => _used.Except(_declared).Except(_inner).Except(BuiltIn);

    public IEnumerable<string> Unused => _declared.Except(_used).Except(Outer).Except(Modules);

    private HashSet<string> Modules { get; } = [];

    private void Read(Node node, bool skipFirst)
    {
        if (node.Type == "module_declaration") Modules.Add(node.Parts[0].Text!);
        // Names that only a loop, a lambda or a function knows.
        if (node.Type == "for_statement") foreach (var name in LoopNames(node)) _inner.Add(name);
        if (node.Type is "parameter" or "lambda_expression") foreach (var name in node.Parts.SelectMany(p => p.All).Where(p => p.Type == "identifier").Take(node.Type == "parameter" ? 1 : 2)) _inner.Add(name.Text!);
        if (node.Type is "type" or "decorators") return;
        for (var i = skipFirst ? 1 : 0; i < node.Parts.Count; i++)
        {
            var part = node.Parts[i];
            if (part.Type == "identifier" && !(node.Type == "object_property" && i == 0)) _used.Add(part.Text!);
            else Read(part, skipFirst: false);
        }
    }

    private static IEnumerable<string> LoopNames(Node loop) => loop.Parts[0].Type == "identifier" ? [loop.Parts[0].Text!] : loop.Parts[0].All.Where(n => n.Type is "loop_variable" or "loop_enumerator").Select(n => n.Text!);
}
