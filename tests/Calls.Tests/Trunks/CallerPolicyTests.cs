using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Directory;

namespace ClickToDial.Calls.Tests.Trunks;

public sealed class CallerPolicyTests
{
    [Theory]
    [InlineData(TrunkCallerId.Call, "+491", "+492", "+491")]
    [InlineData(TrunkCallerId.Call, null, "+492", "+492")]
    [InlineData(TrunkCallerId.Call, null, null, "+49")]
    [InlineData(TrunkCallerId.Fixed, "+491", "+492", "+49")]
    [InlineData(TrunkCallerId.User, "+491", "+492", "+492")]
    [InlineData(TrunkCallerId.User, "+491", null, "+49")]
    [InlineData(TrunkCallerId.Allowed, "+491", "+492", "+491")]
    [InlineData(TrunkCallerId.Allowed, "+33", "+4930123", "+4930123")]
    [InlineData(TrunkCallerId.Allowed, "+33", "+44", "+49")]
    public void Trunk_is_shown_the_number_that_its_policy_says(TrunkCallerId policy, string? call, string? user, string expected)
    {
        var trunk = new Trunk(new TrunkEntry("t", ["+"], "sip:a", CallerId: "+49", Settings: new TrunkSettings(CallerId: policy, CallerIds: ["+491", "+4930*"])));
        Assert.Equal(expected, CallerPolicy.Choose(trunk, inbound: null, call, user, "101").User);
    }

    [Fact]
    public void Caller_of_a_call_that_is_sent_on_stays_its_caller_and_stays_private()
    {
        var trunk = new Trunk(new TrunkEntry("t", ["+"], "sip:a"));
        Assert.Equal(new Caller("+1202", null, IsPrivate: true), CallerPolicy.Choose(trunk, new Caller("+1202", "Bo", IsPrivate: true), "anonymous", "+492", "101"));
        Assert.Equal("+492", CallerPolicy.Choose(trunk, Caller.Anonymous, "anonymous", "+492", "101").User);
    }

    [Fact]
    public void Without_any_number_the_users_name_is_shown() =>
        Assert.Equal("101", CallerPolicy.Choose(new Trunk(new TrunkEntry("t", ["+"], "sip:a")), null, null, null, "101").User);
}
