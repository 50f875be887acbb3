using System.Text.Json.Nodes;
using ClickToDial.Core.Actions.Forms;

namespace ClickToDial.Core.Tests.Actions.Forms;

[Trait("row", "C6")]
public sealed class FormCheckTests
{
    [Theory]
    [InlineData("""{"type":"input"}""", "\"\"", null)]
    [InlineData("""{"type":"input"}""", "7", "type")]
    [InlineData("""{"type":"input","required":true}""", "\"\"", "length")]
    [InlineData("""{"type":"input","maxLength":2}""", "\"\ud83d\ude00\ud83d\ude00\"", null)]
    [InlineData("""{"type":"input","maxLength":2}""", "\"abc\"", "length")]
    [InlineData("""{"type":"input","validation":"email"}""", "\"ada@example.test\"", null)]
    [InlineData("""{"type":"input","validation":"email"}""", "\"\"", null)]
    [InlineData("""{"type":"input","validation":"email"}""", "\"ada\"", "pattern")]
    [InlineData("""{"type":"input","regex":"^[A-Z]{2}$"}""", "\"AB\"", null)]
    [InlineData("""{"type":"input","regex":"^[A-Z]{2}$"}""", "\"ab\"", "pattern")]
    [InlineData("""{"type":"number","min":1,"max":3}""", "2.5", null)]
    [InlineData("""{"type":"number","min":1,"max":3}""", "4", "range")]
    [InlineData("""{"type":"number"}""", "\"4\"", "type")]
    [InlineData("""{"type":"rate"}""", "6", "range")]
    [InlineData("""{"type":"rate"}""", "2.5", "type")]
    [InlineData("""{"type":"rate","required":true}""", "0", "range")]
    [InlineData("""{"type":"switch"}""", "false", null)]
    [InlineData("""{"type":"switch","required":true}""", "false", "required")]
    [InlineData("""{"type":"checkbox","options":["a","b"]}""", "[\"a\"]", null)]
    [InlineData("""{"type":"checkbox","options":["a","b"]}""", "[\"a\",\"a\"]", "count")]
    [InlineData("""{"type":"checkbox","options":["a","b"],"required":true}""", "[]", "count")]
    [InlineData("""{"type":"radio","options":["a","b"]}""", "\"c\"", "choice")]
    [InlineData("""{"type":"select","options":["a","b"],"multiple":true}""", "\"a\"", "type")]
    [InlineData("""{"type":"select","options":["a","b"]}""", "\"b\"", null)]
    [InlineData("""{"type":"time"}""", "\"23:59\"", null)]
    [InlineData("""{"type":"time"}""", "\"24:00\"", "pattern")]
    [InlineData("""{"type":"date"}""", "\"2026-13-01\"", "pattern")]
    [InlineData("""{"type":"date","kind":"week"}""", "\"2026-W07\"", null)]
    [InlineData("""{"type":"date","kind":"datetimerange"}""", "[\"2026-01-01T00:00\",\"2026-01-02T00:00\"]", null)]
    [InlineData("""{"type":"date","kind":"datetimerange"}""", "[\"2026-01-01T00:00\"]", "count")]
    [InlineData("""{"type":"color"}""", "\"#00ff7F\"", null)]
    [InlineData("""{"type":"color"}""", "\"red\"", "pattern")]
    [InlineData("""{"type":"html"}""", "\"x\"", "unknown")]
    public void Value_IsHeldAgainstItsField(string field, string value, string? reason)
    {
        var json = JsonNode.Parse(field)!.AsObject();
        json["name"] = "x";
        var (fields, bad) = FieldReader.ReadAll(new JsonArray(json));
        Assert.Null(bad);

        var faults = FormCheck.Faults(fields!, new JsonObject { ["x"] = JsonNode.Parse(value) });

        Assert.Equal(reason, faults.SingleOrDefault()?.Reason);
    }

    [Fact]
    public void FieldsThatAreNotShown_AreNeitherNeededNorLookedAtNorKept()
    {
        var fields = Fields("""
            [{"type":"radio","name":"kind","options":["person","firm"]},
             {"type":"input","name":"firm","required":true,"visible_when":{"field":"kind","equals":"firm"}},
             {"type":"input","name":"vat","required":true,"visible_when":{"field":"firm","not_in":["none"]}},
             {"type":"input","name":"fixed","disabled":true,"required":true}]
            """);

        Assert.Empty(FormCheck.Faults(fields, Data("""{"kind":"person"}""")));
        Assert.Empty(FormCheck.Faults(fields, Data("""{"kind":"person","firm":7,"vat":8,"fixed":9}""")));
        Assert.Equal("""{"kind":"person"}""", FormCheck.Accepted(fields, Data("""{"kind":"person","firm":7,"vat":8,"fixed":9}""")).ToJsonString());
        Assert.Equal([new FieldFault("firm", "required")], FormCheck.Faults(fields, Data("""{"kind":"firm"}""")));
        Assert.Equal([new FieldFault("vat", "required")], FormCheck.Faults(fields, Data("""{"kind":"firm","firm":"Acme"}""")));
        Assert.Empty(FormCheck.Faults(fields, Data("""{"kind":"firm","firm":"none"}""")));
    }

    [Fact]
    public void PatternThatWouldTakeForever_TakesNoTime()
    {
        var fields = Fields("""[{"type":"input","name":"x","regex":"^(a+)+$"}]""");

        Assert.Equal("pattern", FormCheck.Faults(fields, new JsonObject { ["x"] = new string('a', 5000) + "b" }).Single().Reason);
    }

    private static IReadOnlyList<FormField> Fields(string json) => FieldReader.ReadAll(JsonNode.Parse(json)).Fields!;

    private static JsonObject Data(string json) => JsonNode.Parse(json)!.AsObject();
}
