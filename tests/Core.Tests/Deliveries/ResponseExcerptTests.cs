using System.Text;
using ClickToDial.Core.Deliveries;

namespace ClickToDial.Core.Tests.Deliveries;

public sealed class ResponseExcerptTests
{
    [Fact]
    public void Secrets_AreBlottedOutHoweverTheyAreSpelled()
    {
        const string secret = "a/b+c==";
        var echo = $"x {secret} {{\"s\":\"{System.Text.Json.JsonEncodedText.Encode(secret)}\"}} a\\/b+c== {Uri.EscapeDataString(secret)}";

        var shown = Of(echo, secret);

        Assert.Equal("x *** {\"s\":\"***\"} *** ***", shown);
    }

    [Fact]
    public void Length_IsBoundedAndControlCharactersAreBlanks()
    {
        Assert.Equal("a  b", Of("a\r\nb"));
        Assert.Equal(ResponseExcerpt.MaxShown, Of(new string('x', 9000))!.Length);
        Assert.Null(Of(""));
        Assert.NotNull(ResponseExcerpt.Of([0xff, 0xfe, 0x00], []));
    }

    private static string? Of(string body, params string[] secrets) => ResponseExcerpt.Of(Encoding.UTF8.GetBytes(body), secrets);
}
