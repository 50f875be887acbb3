using System.Text;
using System.Text.RegularExpressions;

namespace ClickToDial.Architecture.FunctionsWorker;

/// <summary>
/// C# that declares the public types of Azure's Functions worker as <c>signatures.txt</c> lists them, and does nothing: enough to compile
/// against where the packages cannot be had. Interfaces that a class has of other libraries are left out.
/// </summary>
internal static partial class Stubs
{
    public static string Of(string signatures)
    {
        var code = new StringBuilder();
        List<string>? type = null;
        foreach (var line in signatures.Split('\n').Where(line => line.Length > 0 && line[0] != '#' && !line.Contains("[Obsolete]", StringComparison.Ordinal)).Append("end"))
        {
            if (line[0] == ' ')
            {
                type!.Add(line.Trim());
                continue;
            }

            if (type is not null) Type(code, type);
            type = [line];
        }

        return code.ToString();
    }

    private static void Type(StringBuilder code, List<string> lines)
    {
        var head = Head().Match(lines[0]);
        var (kind, name) = (head.Groups["kind"].Value, head.Groups["name"].Value);
        var members = lines.Skip(1).ToList();
        code.AppendLine($"namespace {head.Groups["space"].Value} {{");
        foreach (var attribute in members.Where(m => m[0] == '[' && m.EndsWith(']'))) code.AppendLine(attribute.Replace("Usage(", "Usage(AttributeTargets.", StringComparison.Ordinal));
        members.RemoveAll(m => m[0] == '[' && m.EndsWith(']'));
        if (kind == "delegate") code.AppendLine("public delegate " + members[0].Replace(" Invoke(", $" {name}(", StringComparison.Ordinal) + ";");
        else Body(code, head.Groups["mods"].Value, kind, name, head.Groups["generic"].Value, Bases(kind, head.Groups["bases"].Value), members);
        code.AppendLine("}");
    }

    private static void Body(StringBuilder code, string mods, string kind, string name, string generic, string bases, List<string> members)
    {
        code.AppendLine($"public {mods}{kind} {name}{generic}{bases} {{");
        if (kind is "class" or "record" && mods != "static " && !members.Exists(m => m.EndsWith("ctor()", StringComparison.Ordinal))) code.AppendLine($"internal {name}() {{ }}");
        foreach (var member in members)
            if (kind == "enum") code.AppendLine(member + ",");
            else if (!IsMade(kind, name, member)) code.AppendLine(kind == "interface" ? member.TrimEnd(';') + (member.EndsWith('}') ? "" : ";") : Member(name, member));
        code.AppendLine("}");
    }

    // What the compiler makes of a record by itself.
    private static bool IsMade(string kind, string name, string member) =>
        kind == "record" && (member.Contains("EqualityContract", StringComparison.Ordinal) || Regex.IsMatch(member, $@"ctor\({name} \w+\)$"));

    private static string Member(string name, string member)
    {
        var access = member.StartsWith("protected ", StringComparison.Ordinal) ? "" : "public ";
        var text = EnumDefault().Replace(member, "$1 $2 = $1.$3");
        if (Constructor().IsMatch(text)) return access + Constructor().Replace(text, name + "(", 1) + " { }";
        var isAbstract = text.Contains("abstract ", StringComparison.Ordinal);
        if (text.EndsWith('}')) return access + (isAbstract ? text : text.Replace("get;", "get => throw null!;", StringComparison.Ordinal).Replace("set;", "set { }", StringComparison.Ordinal));
        return access + text + (isAbstract ? ";" : " => throw null!;");
    }

    private static string Bases(string kind, string told)
    {
        var kept = told.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(b => kind is "class" or "record" && (!Interface().IsMatch(b) || b == "IFunctionsWorkerApplicationBuilder")).ToList();
        return kept.Count == 0 ? "" : " : " + string.Join(", ", kept);
    }

    [GeneratedRegex(@"^(?<mods>(?:abstract |sealed |static )*)(?<kind>class|interface|enum|struct|record|delegate) (?<space>[\w.]+)\.(?<name>\w+)(?<generic><[^>]+>)?(?: : (?<bases>.+))?$")]
    private static partial Regex Head();

    [GeneratedRegex(@"\bctor\(")]
    private static partial Regex Constructor();

    [GeneratedRegex(@"\b(\w+) (\w+) = ([A-Z]\w+)")]
    private static partial Regex EnumDefault();

    [GeneratedRegex(@"^I[A-Z]")]
    private static partial Regex Interface();
}
