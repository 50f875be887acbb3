using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ClickToDial.Browser.Gateway;

/// <summary>A CommonJS package and what it needs, in one script for a page, as it was installed: what a test runs is what was pinned.</summary>
internal static partial class JsModules
{
    /// <param name="global">The name under which the page finds it.</param>
    public static string Bundle(string nodeModules, string package, string global)
    {
        var modules = new Dictionary<string, string>();
        var entry = EntryOf(nodeModules, package);
        Add(nodeModules, entry, modules);
        var text = new StringBuilder("(()=>{const made={},all={");
        foreach (var (path, code) in modules) text.Append('"').Append(path).Append("\":(module,exports,require)=>{").Append(code).Append("\n},\n");
        text.Append("};const load=p=>{if(!made[p]){made[p]={exports:{}};all[p](made[p],made[p].exports,load)}return made[p].exports};");
        return text.Append("window.").Append(global).Append("=load(\"").Append(entry).Append("\")})();").ToString();
    }

    private static void Add(string nodeModules, string path, Dictionary<string, string> modules)
    {
        if (!modules.TryAdd(path, "")) return;
        var code = File.ReadAllText(path);
        if (path.EndsWith(".json", StringComparison.Ordinal))
        {
            modules[path] = "module.exports=" + code;
            return;
        }
        var needed = new List<string>();
        modules[path] = Require().Replace(code, match =>
        {
            var found = Resolve(nodeModules, Path.GetDirectoryName(path)!, match.Groups["name"].Value);
            if (found is not null) needed.Add(found);
            return found is null ? match.Value : $"require(\"{found}\")";
        });
        foreach (var other in needed) Add(nodeModules, other, modules);
    }

    // Null for what only Node.js has.
    private static string? Resolve(string nodeModules, string folder, string name)
    {
        if (!name.StartsWith('.')) return Directory.Exists(Path.Combine(nodeModules, name)) ? EntryOf(nodeModules, name) : null;
        var path = Path.GetFullPath(Path.Combine(folder, name));
        return new[] { path, path + ".js", Path.Combine(path, "index.js") }.First(File.Exists);
    }

    private static string EntryOf(string nodeModules, string package)
    {
        var folder = Path.Combine(nodeModules, package);
        var about = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "package.json")))!;
        var main = (about["browser"] as JsonValue ?? about["main"] as JsonValue)?.GetValue<string>() ?? "index.js";
        return Resolve(nodeModules, folder, "./" + main.TrimStart('.', '/'))!;
    }

    [GeneratedRegex("""require\(["'](?<name>[^"']+)["']\)""")]
    private static partial Regex Require();
}
