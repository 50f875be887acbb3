using ClickToDial.Core.Actions;

namespace ClickToDial.Core.Tests.Actions;

[Trait("row", "C8")]
public sealed class FunctionTextTests
{
    [Theory]
    [InlineData("next", "next")]
    [InlineData(" next ( ) ; ", "next")]
    [InlineData("openForm('Lead')", "openForm", "Lead")]
    [InlineData("openForm(\"New lead, please\")", "openForm", "New lead, please")]
    [InlineData("openForm(New lead)", "openForm", "New lead")]
    [InlineData("redirect('https://crm.test/?a=(1)', true, _blank)", "redirect", "https://crm.test/?a=(1)", "true", "_blank")]
    [InlineData("my_Entry$2()", "my_Entry$2")]
    [InlineData("openForm('')", "openForm", "")]
    public void Call_IsRead(string text, string name, params string[] parameters)
    {
        var call = FunctionText.TryParse(text);

        Assert.NotNull(call);
        Assert.Equal(name, call.Name);
        Assert.Equal(parameters, call.Parameters);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2next")]
    [InlineData("next)")]
    [InlineData("next(")]
    [InlineData("openForm('Lead)")]
    [InlineData("openForm(Lead')")]
    [InlineData("openForm(a,)")]
    [InlineData("openForm(,a)")]
    [InlineData("openForm('a' 'b')")]
    [InlineData("a.b()")]
    [InlineData("f(g())")]
    [InlineData("f(1,2,3,4,5,6,7,8,9)")]
    public void WhatIsNoCall_IsRefused(string text) => Assert.Null(FunctionText.TryParse(text));

    [Fact]
    public void AnyText_IsReadOrRefused()
    {
        var random = new Random(7);
        const string alphabet = "aZ09_$ ()'\",;\\\n\u00e9\ud83d";
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(24)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
            if (FunctionText.TryParse(text) is { } call) Assert.All(call.Parameters, parameter => Assert.DoesNotContain('\'', parameter.Contains('"', StringComparison.Ordinal) ? "" : parameter));
        }
    }
}
