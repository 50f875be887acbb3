using System.Text.Json.Nodes;
using ClickToDial.Core.Actions.Forms;

namespace ClickToDial.Core.Tests.Actions.Forms;

[Trait("row", "C6")]
public sealed class FieldReaderTests
{
    public static TheoryData<string> EveryType => [.. Enum.GetValues<FieldType>().Select(type => System.Text.Json.JsonSerializer.Serialize(type).Trim('"'))];

    [Fact]
    public void ThereAreFourteenTypes() => Assert.Equal(14, EveryType.Count);

    [Theory]
    [MemberData(nameof(EveryType))]
    public void EveryType_IsWrittenAsItWasRead(string type)
    {
        var options = type is "radio" or "select" ? ""","options":[{"value":"a","label":"A"},{"value":"b"}]""" : "";
        var json = $$"""[{"type":"{{type}}","name":"x","label":"X","required":true,"width":6{{options}}}]""";

        var (fields, fault) = FieldReader.ReadAll(JsonNode.Parse(json));

        Assert.Null(fault);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json)![0], FieldWriter.Write(fields![0])), FieldWriter.Write(fields[0]).ToJsonString());
    }

    [Theory]
    [InlineData("""{"type":"input","name":"x"}""")]
    [InlineData("""[7]""")]
    [InlineData("""[{"type":"input"}]""")]
    [InlineData("""[{"type":"password","name":"x"}]""")]
    [InlineData("""[{"type":"input","name":"a b"}]""")]
    [InlineData("""[{"type":"input","name":"x"},{"type":"input","name":"x"}]""")]
    [InlineData("""[{"type":"input","name":"x","colour":"red"}]""")]
    [InlineData("""[{"type":"input","name":"x","required":"yes"}]""")]
    [InlineData("""[{"type":"input","name":"x","regex":"("}]""")]
    [InlineData("""[{"type":"input","name":"x","regex":"(?=a)b"}]""")]
    [InlineData("""[{"type":"input","name":"x","regex":"(a)\\1"}]""")]
    [InlineData("""[{"type":"input","name":"x","validation":"iban"}]""")]
    [InlineData("""[{"type":"input","name":"x","minLength":5,"maxLength":4}]""")]
    [InlineData("""[{"type":"number","name":"x","min":2,"max":1}]""")]
    [InlineData("""[{"type":"input","name":"x","width":13}]""")]
    [InlineData("""[{"type":"radio","name":"x"}]""")]
    [InlineData("""[{"type":"select","name":"x","options":[]}]""")]
    [InlineData("""[{"type":"select","name":"x","options":["a","a"]}]""")]
    [InlineData("""[{"type":"date","name":"x","kind":"decade"}]""")]
    [InlineData("""[{"type":"rate","name":"x","max":2.5}]""")]
    [InlineData("""[{"type":"input","name":"x","visible_when":{"field":"later","equals":1}},{"type":"input","name":"later"}]""")]
    [InlineData("""[{"type":"text","name":"t"},{"type":"input","name":"x","visible_when":{"field":"t","equals":1}}]""")]
    [InlineData("""[{"type":"input","name":"a"},{"type":"input","name":"x","visible_when":{"field":"a"}}]""")]
    public void WhatWouldNotWork_IsRefused(string json)
    {
        var (fields, fault) = FieldReader.ReadAll(JsonNode.Parse(json));

        Assert.Null(fields);
        Assert.NotNull(fault);
    }

    [Fact]
    public void PatchOfKnownField_ChangesOnlyWhatItNames_AndAnUnknownNameIsAppended()
    {
        var (fields, _) = FieldReader.ReadAll(JsonNode.Parse("""[{"type":"input","name":"a","label":"A","required":true}]"""));
        var (patches, _) = FieldPatch.ReadAll(JsonNode.Parse("""[{"name":"a","label":"B"},{"name":"n","type":"number"}]"""));

        var (patched, fault) = FieldPatch.Apply(fields!, patches);

        Assert.Null(fault);
        Assert.Equal(["a", "n"], patched!.Select(field => field.Name));
        Assert.Equal(("B", true, FieldType.Input), (patched![0].Label, patched[0].Required, patched[0].Type));
        Assert.Equal(FieldType.Number, patched[1].Type);
    }

    [Fact]
    public void PatchThatWouldNotWork_IsSaid() =>
        Assert.NotNull(FieldPatch.Apply([], FieldPatch.ReadAll(JsonNode.Parse("""[{"name":"n"}]""")).Patches).Fault);
}
