using System.Text.RegularExpressions;

namespace ClickToDial.EmbeddedHost.Tests.Functions;

/// <summary>
/// The list of the real packages' public signatures: a type per unindented line, its members below it. Lines that start with #
/// name the assembly.
/// </summary>
internal sealed partial class RealApi
{
    private readonly Dictionary<string, (string Header, HashSet<string> Members)> _types = [];

    public int Count => _types.Count;

    public static RealApi Load()
    {
        var api = new RealApi();
        api.Read("functions-api.txt");
        api.Read("functions-api-mentioned.txt");
        return api;
    }

    /// <summary>What the described type says that the real one does not.</summary>
    public IEnumerable<string> Extras(DescribedType type)
    {
        if (!_types.TryGetValue(type.FullName, out var real)) return [$"{type.FullName}: no such type"];
        var header = HeaderMismatch(type, real.Header);
        var extras = type.Members.Where(m => !real.Members.Contains(m)).Select(m => $"{type.FullName}: {m}");
        return header is null ? extras : extras.Prepend(header);
    }

    private void Read(string resource)
    {
        using var stream = typeof(RealApi).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        HashSet<string> members = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            if (line[0] == ' ') members.Add(line.Trim());
            else _types[NameOf(line)] = (line, members = []);
        }
    }

    private static string? HeaderMismatch(DescribedType type, string real)
    {
        var parts = real.Split(" : ");
        var bases = parts.Length == 1 ? [] : parts[1].Split(", ");
        if (parts[0] != $"{type.Kind} {type.FullName}") return $"{type.FullName}: is '{type.Kind}', the real one is '{parts[0]}'";
        // Binding attributes derive from attributes that are not on the list; what they are all in the end is Attribute.
        var extra = type.Bases.Where(b => !bases.Contains(b) && !(b == "Attribute" && bases.Any(r => r.EndsWith("Attribute", StringComparison.Ordinal))));
        var unknown = string.Join(", ", extra);
        return unknown.Length == 0 ? null : $"{type.FullName}: derives from {unknown}";
    }

    private static string NameOf(string header) => TypeName().Match(header).Value;

    [GeneratedRegex(@"Microsoft\.[\w.]+(<[\w, ]+>)?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TypeName();
}
