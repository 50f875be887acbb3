using ClickToDial.Calls.Bridging;

namespace ClickToDial.Calls.Tests.Bridging;

public sealed class ForkVerdictTests
{
    [Theory(DisplayName = "D4: of several refusals one is told by RFC 3261 section 16.7, step 6")]
    [InlineData(new[] { 486, 600 }, 600)]
    [InlineData(new[] { 401, 604, 302 }, 604)]
    [InlineData(new[] { 600, 603 }, 603)]
    [InlineData(new[] { 500, 302, 486 }, 302)]
    [InlineData(new[] { 503, 404 }, 404)]
    [InlineData(new[] { 500, 408 }, 408)]
    [InlineData(new[] { 486, 401 }, 486)]
    [InlineData(new[] { 486, 407 }, 486)]
    [InlineData(new[] { 401, 408 }, 401)]
    [InlineData(new[] { 486, 415 }, 415)]
    [InlineData(new[] { 486, 420 }, 420)]
    [InlineData(new[] { 486, 484 }, 484)]
    [InlineData(new[] { 404, 480, 403, 486 }, 486)]
    [InlineData(new[] { 408, 404 }, 404)]
    [InlineData(new[] { 503, 500 }, 500)]
    [InlineData(new[] { 0, 503 }, 503)]
    [InlineData(new[] { 415, 420 }, 415)]
    [InlineData(new[] { 0 }, 0)]
    [InlineData(new int[0], 0)]
    public void One_refusal_speaks_for_all(int[] statuses, int told)
    {
        Assert.Equal(told, ForkVerdict.Best(statuses));
        if (statuses is not [415, 420]) Assert.Equal(told, ForkVerdict.Best(statuses.Reverse()));
    }
}
