using System.Text;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Tests.Json;

public sealed class JsonFieldsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":\"\u0001\"}")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}")]
    public void NotOneObject_IsInvalidJson(string body) =>
        Assert.Equal(KnownProblems.InvalidJson, JsonFields.Parse(Encoding.UTF8.GetBytes(body)).Problem);

    [Fact]
    public void BrokenUtf8_IsRefused()
    {
        var body = Encoding.UTF8.GetBytes("{\"a\":\"xx\"}");
        body[6] = 0xFF;
        Assert.Equal("field-invalid", ReadA(body)?.Reason);
    }

    [Theory]
    [InlineData("{}", "field-missing")]
    [InlineData("{\"a\":null}", "field-missing")]
    [InlineData("{\"a\":\"\"}", "field-missing")]
    [InlineData("{\"a\":1}", "field-wrong-type")]
    [InlineData("{\"a\":{}}", "field-wrong-type")]
    [InlineData("{\"a\":\"12345\"}", "field-too-long")]
    [InlineData("{\"a\":\"1\\r\\n\"}", "field-invalid")]
    [InlineData("{\"a\":\"\\ud800\"}", "field-invalid")]
    public void BadText_NamesTheFieldAndTheFault(string body, string reason)
    {
        var problem = ReadA(Encoding.UTF8.GetBytes(body));

        Assert.Equal(reason, problem?.Reason);
        Assert.Equal("a", problem?.Field);
    }

    [Theory]
    [InlineData("{\"n\":\"5\"}", "field-wrong-type")]
    [InlineData("{\"n\":5.5}", "field-wrong-type")]
    [InlineData("{\"n\":4}", "field-out-of-range")]
    [InlineData("{\"n\":11}", "field-out-of-range")]
    [InlineData("{\"n\":1e300}", "field-out-of-range")]
    [InlineData("{\"n\":-9999999999999999999}", "field-out-of-range")]
    public void BadNumber_NamesTheFault(string body, string reason)
    {
        var fields = JsonFields.Parse(Encoding.UTF8.GetBytes(body)).Value!;

        Assert.Null(fields.OptionalNumber("n", 5, 10));
        Assert.Equal(reason, fields.Problem?.Reason);
    }

    [Fact]
    public void FirstFault_IsKept()
    {
        var fields = JsonFields.Parse("{\"b\":1}"u8.ToArray()).Value!;

        fields.RequiredText("a", 4);
        fields.RequiredText("b", 4);

        Assert.Equal("a", fields.Problem?.Field);
    }

    private static Problem? ReadA(byte[] body)
    {
        var parsed = JsonFields.Parse(body);
        if (!parsed.IsOk) return parsed.Problem;
        parsed.Value.RequiredText("a", 4);
        return parsed.Value.Problem;
    }

    [Fact]
    public void NameThatIsNoText_IsAProblemAndNoDefect()
    {
        Assert.Equal("invalid-json", JsonFields.Parse("{\"\\ud800x\":1,\"a\":\"b\"}"u8.ToArray()).Problem?.Reason);
    }
}
