using ClickToDial.Contracts.Calls;
using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Problems;
using ClickToDial.Core.Tests.Sessions;

namespace ClickToDial.Core.Tests.Calls;

public sealed class CallQueryReaderTests
{
    private static readonly Principal Key = new("key:a", "demo.local", ApiScopes.CallsRead, null);

    [Fact]
    public void EveryParameter_IsRead()
    {
        var query = Read(Key, ("user", "101"), ("from", "2026-05-01T00:00:00Z"), ("to", "2026-05-02T00:00:00+02:00"), ("state", "ringing-user"),
            ("result", "no-answer"), ("limit", "200"), ("cursor", CallCursor.Write("c|1"))).Value!;

        Assert.Equal(
            new CallQuery("demo.local", 200, "101", new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 5, 1, 22, 0, 0, TimeSpan.Zero),
                CallState.RingingUser, CallResult.NoAnswer, "c|1"),
            query);
    }

    [Fact]
    public void NoParameter_MeansTheFirstFifty() => Assert.Equal(new CallQuery("demo.local", 50), Read(Key).Value);

    [Theory]
    [InlineData("limit", "0", "field-out-of-range")]
    [InlineData("limit", "201", "field-out-of-range")]
    [InlineData("limit", "-1", "field-out-of-range")]
    [InlineData("limit", "ten", "field-out-of-range")]
    [InlineData("from", "yesterday", "field-invalid")]
    [InlineData("to", "2026-13-01", "field-invalid")]
    [InlineData("state", "Ringing", "field-invalid")]
    [InlineData("state", "1", "field-invalid")]
    [InlineData("result", "maybe", "field-invalid")]
    [InlineData("user", "x' or '1' eq '1", "field-invalid")]
    [InlineData("cursor", "!!!", "cursor-invalid")]
    [InlineData("cursor", "AAAA", "cursor-invalid")]
    public void BadParameter_IsNamed(string name, string value, string reason)
    {
        var problem = Read(Key, (name, value)).Problem;

        Assert.Equal((reason, name), (problem?.Reason, problem?.Field));
    }

    [Fact]
    public void Token_SeesOnlyItsUser()
    {
        var token = Principal.Of(TestSession.Claims);

        Assert.Equal("101", Read(token).Value?.User);
        Assert.Equal("token-user-differs", Read(token, ("user", "102")).Problem?.Reason);
    }

    private static Result<CallQuery> Read(Principal principal, params (string Name, string Value)[] parameters) =>
        CallQueryReader.Read(name => parameters.FirstOrDefault(p => p.Name == name).Value, principal);
}
