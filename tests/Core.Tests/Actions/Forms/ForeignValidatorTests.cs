using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClickToDial.Core.Actions.Forms;
using ClickToDial.TestKit.Processes;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.Core.Tests.Actions.Forms;

/// <summary>Row C6: random forms and values, judged by our check and by ajv from our JSON Schema. Their verdicts are the same.</summary>
[Trait("row", "C6")]
public sealed class ForeignValidatorTests
{
    private const int ValuesOfAForm = 40;
    private static readonly int Forms = Setting("FORM_TEST_FORMS", 120);
    private static readonly int Seed = Setting("FORM_TEST_SEED", 4711);

    private static readonly string[] Patterns =
    [
        "^[A-Z]{2}$", "a", "^\\d+$", "^\\w*$", "\\s", "^.{2}$", "^[^a]{1,2}$", "(ab|c)+d?", "^a$|^b$", "^\\S+$", "^[\\d.,-]+$", "x{2,}", "^\\u00e9", "\\.$", "^(?:a|b)*$", "^\\D$",
    ];

    private static readonly string[] Texts =
    [
        "", "a", "b", "ab", "AB", "abc", "AB\n", "\n", "7", "42", "4.5", "٣", "é", "ß", "😀", "😀a", "😀😀", "a b", "\u00a0", "\u0085", "\ufeff", "x", "xx", "xxx", "a.b.",
        "ada@example.test", "ada@example", "https://example.test/x", "ftp://x", "+49 30 123", "-17", "12:30", "24:00", "12:30\n", "2026-02-29", "2026-13-01", "2026-02",
        "2026", "2026-W53", "2026-W54", "2026-01-01T10:00", "#00ff00", "#00FF0", "none", "Line\u2028end", new string('y', 300),
    ];

    [Fact(DisplayName = "C6: the server's check of a form and a foreign validator with its JSON Schema say the same of random forms and values")]
    public async Task Verdicts_are_the_same()
    {
        var folder = Path.Combine(Product.RepositoryRoot, "tests/Core.Tests/Actions/Forms/Ajv");
        Assert.SkipUnless(Tool.Node.IsInstalled, Tool.Node.Missing);
        Assert.SkipUnless(System.IO.Directory.Exists(Path.Combine(folder, "node_modules")), "The foreign validator is not installed (`dev test` installs it).");
        var random = new Random(Seed);
        var cases = Enumerable.Range(0, Forms).Select(_ => Case(random)).ToList();

        var verdicts = await JudgeAsync(folder, cases);

        var (agreed, accepted) = (0, 0);
        foreach (var ((fields, values), verdict) in cases.Zip(verdicts))
        {
            var schema = FormSchema.Write(fields).ToJsonString();
            Assert.True(verdict is JsonArray, $"No schema: {schema}");
            foreach (var (value, foreign) in values.Zip(verdict!.AsArray()))
            {
                var faults = FormCheck.Faults(fields, value);
                Assert.True(faults.Count == 0 == foreign!.GetValue<bool>(), $"We say [{string.Join(", ", faults)}], they say {foreign}, of {value.ToJsonString()} and {schema}");
                agreed++;
                if (faults.Count == 0) accepted++;
            }
        }
        Assert.Equal(Forms * ValuesOfAForm, agreed);
        // Neither of them says the same of everything.
        Assert.InRange(accepted, agreed / 20, agreed * 19 / 20);
    }

    private static (IReadOnlyList<FormField> Fields, IReadOnlyList<JsonObject> Values) Case(Random random)
    {
        while (true)
        {
            var list = new JsonArray();
            for (var i = random.Next(1, 5); i > 0; i--) list.Add((JsonNode)Field(random, list));
            var (fields, _) = FieldReader.ReadAll(list);
            if (fields is not null) return (fields, [.. Enumerable.Range(0, ValuesOfAForm).Select(_ => Values(random, fields))]);
        }
    }

    private static JsonObject Field(Random random, JsonArray before)
    {
        var type = Enum.GetValues<FieldType>()[random.Next(14)];
        var field = new JsonObject { ["type"] = JsonSerializer.SerializeToNode(type), ["name"] = $"f{before.Count}" };
        if (type is not (FieldType.Text or FieldType.Html) && random.Next(3) == 0) field["required"] = true;
        if (random.Next(10) == 0) field["disabled"] = true;
        if (type is FieldType.Radio or FieldType.Select || (type == FieldType.Checkbox && random.Next(2) == 0)) field["options"] = new JsonArray("a", "b", "none");
        if (type == FieldType.Select && random.Next(2) == 0) field["multiple"] = true;
        if (type == FieldType.Date) field["kind"] = TextRules.DateKinds[random.Next(TextRules.DateKinds.Count)];
        if (type is FieldType.Number or FieldType.Slider && random.Next(2) == 0) (field["min"], field["max"]) = (random.Next(-2, 3), random.Next(3, 50));
        if (type is FieldType.Input or FieldType.Textarea)
        {
            if (random.Next(3) == 0) field["maxLength"] = random.Next(1, 5);
            if (random.Next(3) == 0) field["regex"] = Patterns[random.Next(Patterns.Length)];
            if (random.Next(4) == 0) field["validation"] = TextRules.All.Keys.Order(StringComparer.Ordinal).ElementAt(random.Next(TextRules.All.Count));
        }
        if (before.Count > 0 && random.Next(3) == 0)
        {
            var when = new JsonObject { ["field"] = $"f{random.Next(before.Count)}" };
            if (random.Next(2) == 0) when["equals"] = Texts[random.Next(Texts.Length)];
            else when["not_in"] = new JsonArray("a", true, 7);
            field["visible_when"] = when;
        }
        return field;
    }

    private static JsonObject Values(Random random, IReadOnlyList<FormField> fields)
    {
        var values = new JsonObject();
        foreach (var field in fields)
            if (random.Next(8) > 0 && (field.HasValue || random.Next(8) == 0)) values[field.Name] = random.Next(3) == 0 ? Any(random) : Fitting(random, field);
        if (random.Next(20) == 0) values["unknown"] = 1;
        return values;
    }

    private static JsonNode? Any(Random random) => random.Next(8) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.Next(-5, 60),
        3 => random.Next(-50, 600) / 10m,
        4 => new JsonArray(),
        5 => new JsonObject { ["a"] = 1 },
        _ => Texts[random.Next(Texts.Length)],
    };

    private static JsonNode? Fitting(Random random, FormField field)
    {
        if (field.IsList || field.Kind == "datetimerange")
        {
            var list = new JsonArray();
            for (var i = random.Next(4); i > 0; i--) list.Add(field.Type == FieldType.Date ? Texts[random.Next(Texts.Length)] : Chosen(random));
            return list;
        }
        return field.Type switch
        {
            FieldType.Number or FieldType.Slider => random.Next(-50, 600) / 10m,
            FieldType.Rate => random.Next(-1, 8),
            FieldType.Switch => random.Next(2) == 0,
            FieldType.Checkbox when field.Options is null => random.Next(2) == 0,
            FieldType.Radio or FieldType.Select or FieldType.Checkbox => Chosen(random),
            _ => Texts[random.Next(Texts.Length)],
        };
    }

    private static JsonNode Chosen(Random random) => ((string[])["a", "b", "none", "c"])[random.Next(4)];

    private static async Task<IReadOnlyList<JsonNode?>> JudgeAsync(string folder, List<(IReadOnlyList<FormField> Fields, IReadOnlyList<JsonObject> Values)> cases)
    {
        var start = new ProcessStartInfo(Tool.Node.Path!, ["check.mjs"]) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        using var node = Process.Start(start)!;
        var reading = node.StandardOutput.ReadToEndAsync();
        foreach (var (fields, values) in cases)
        {
            var line = new JsonObject { ["schema"] = FormSchema.Write(fields), ["values"] = new JsonArray([.. values.Select(v => v.DeepClone())]) };
            await node.StandardInput.WriteLineAsync(line.ToJsonString());
        }
        node.StandardInput.Close();
        var lines = (await reading.WaitAsync(TimeSpan.FromMinutes(2))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(cases.Count, lines.Length);
        return [.. lines.Select(line => JsonNode.Parse(line))];
    }

    /// <summary>For longer runs by hand.</summary>
    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
