using ClickToDial.Contracts.Calls;

namespace ClickToDial.Contracts.Tests;

public sealed class CallIdTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("01JD-call_7")]
    public void Safe_text_is_a_call_id(string text)
    {
        Assert.True(CallId.TryParse(text, out var id));
        Assert.Equal(text, id.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a\r\nb")]
    [InlineData("é")]
    public void Unsafe_text_is_refused(string? text) => Assert.False(CallId.TryParse(text, out _));

    [Fact]
    public void Longer_than_64_characters_is_refused() => Assert.False(CallId.TryParse(new string('a', 65), out _));
}
