using System.Text.Json.Nodes;
using ClickToDial.Core.Actions;

namespace ClickToDial.Core.Tests.Actions;

[Trait("row", "C7")]
public sealed class ScriptReplyTests
{
    [Fact]
    public void ControlBlock_IsTakenOutOfWhatIsShown()
    {
        var (reply, fault) = Read("""
            {"name":"Ada","__":{"action":{"name":"openform","params":["Lead"]},"formSchema":[{"name":"a","required":true}],"formData":{"a":1},"formId":"x"}}
            """);

        Assert.Null(fault);
        Assert.Equal(ActionName.OpenForm, reply!.Action!.Name);
        Assert.Equal("a", Assert.Single(reply.Patches).Name);
        Assert.Equal("""{"a":1}""", reply.FormData!.ToJsonString());
        Assert.Equal("""{"name":"Ada"}""", reply.Shown!.ToJsonString());
    }

    [Theory]
    [InlineData("null", null)]
    [InlineData("\"hello\"", "\"hello\"")]
    [InlineData("[1,2]", "[1,2]")]
    [InlineData("{\"a\":1}", "{\"a\":1}")]
    [InlineData("{\"__\":{}}", null)]
    public void WhatHasNoAction_IsShown(string result, string? shown)
    {
        var (reply, fault) = Read(result);

        Assert.Null(fault);
        Assert.Null(reply!.Action);
        Assert.Equal(shown, reply.Shown?.ToJsonString());
    }

    [Fact]
    public void ParametersMayBeNumbersAndFlags() =>
        Assert.Equal(["https://crm.test", "true"], Read("""{"__":{"action":{"name":"redirect","params":["https://crm.test",true]}}}""").Reply!.Action!.Parameters);

    [Theory]
    [InlineData("""{"__":7}""")]
    [InlineData("""{"__":{"action":"next"}}""")]
    [InlineData("""{"__":{"action":{"name":"dance"}}}""")]
    [InlineData("""{"__":{"action":{"name":"next","params":"x"}}}""")]
    [InlineData("""{"__":{"action":{"name":"save","params":[{}]}}}""")]
    [InlineData("""{"__":{"formSchema":{}}}""")]
    [InlineData("""{"__":{"formSchema":[{"required":true}]}}""")]
    [InlineData("""{"__":{"formData":[]}}""")]
    public void BadControlBlock_IsSaidToTheAuthor(string result)
    {
        var (reply, fault) = Read(result);

        Assert.Null(reply);
        Assert.False(string.IsNullOrEmpty(fault));
    }

    private static (ScriptReply? Reply, string? Fault) Read(string json) => ScriptReply.Read(JsonNode.Parse(json));
}
