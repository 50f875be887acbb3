using System.Text;
using ClickToDial.Core.Csv;

namespace ClickToDial.Core.Tests.Csv;

public sealed class CsvTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+61400000000", "'+61400000000")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("  =1", "'  =1")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"")]
    [InlineData("\uFF1D1", "'\uFF1D1")]
    public void Cell_IsQuotedAndNeverAFormula(string? value, string cell) => Assert.Equal(cell, CsvText.Cell(value));

    [Fact]
    public void Line_EndsAsTheFormatSays() => Assert.Equal("a,,'=b\r\n", CsvText.Line(new StringBuilder(), "a", null, "=b").ToString());
}
