using System.Text.Json.Nodes;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.RemoteControl;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Calls.Tests.RemoteControl;

/// <summary>V6: what a user's page is told of a call, in the words of older and of newer pages.</summary>
public sealed class UserCallTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(CallState.RingingUser, "alerting", "alerting")]
    [InlineData(CallState.Prompting, "alerting", "alerting")]
    [InlineData(CallState.RingingDestination, "alerting", "ringback")]
    [InlineData(CallState.Connected, "connected", "connected")]
    public void Caller_sees_each_state(CallState state, string newer, string older)
    {
        var call = Told(Snapshot(state, CallDirection.Outbound, "101", "+4930101"), "101");

        Assert.Equal((newer, older), ((string?)call["state"], (string?)call["callstate"]));
        Assert.Equal(("101", "+4930101", "out"), ((string?)call["from-number"], (string?)call["to-number"], (string?)call["direction"]));
        Assert.Equal(Start.ToUnixTimeSeconds(), (long)call["start"]!);
        Assert.Equal(state == CallState.Connected ? $"{Start.AddSeconds(9).ToUnixTimeSeconds()}" : "", (string?)call["connect"]);
        Assert.Equal("<sip:+4930101@demo.local>", (string?)call["to"]);
    }

    [Fact]
    public void Called_user_sees_who_calls_and_rings()
    {
        var call = Told(Snapshot(CallState.RingingDestination, CallDirection.Internal, "101", "102"), "102");

        Assert.Equal(("101", "102", "alerting", "in"), ((string?)call["from-number"], (string?)call["to-number"], (string?)call["callstate"], (string?)call["direction"]));
        Assert.Equal(["102-desk"], call["extension"]!.AsArray().Select(d => (string?)d));
    }

    [Fact]
    public void Caller_from_outside_is_named_by_the_number_that_it_shows()
    {
        var call = Told(Snapshot(CallState.RingingUser, CallDirection.Inbound, "101", "+4930101", callerId: "+15551234567"), "101");

        Assert.Equal(("+15551234567", "101"), ((string?)call["from-number"], (string?)call["to-number"]));
    }

    [Theory]
    [InlineData("l1", "101", "holding")]
    [InlineData("l1", "102", "onhold")]
    [InlineData("l2", "101", "onhold")]
    [InlineData("l2", "102", "holding")]
    public void Hold_is_seen_from_the_users_side(string holder, string user, string word)
    {
        var snapshot = Snapshot(CallState.Connected, CallDirection.Internal, "101", "102") with { Talk = new TalkDetails([holder], [], []) };

        Assert.Equal(word, (string?)Told(snapshot, user)["callstate"]);
    }

    [Fact]
    public void Number_that_is_called_instead_is_not_told()
    {
        var call = Snapshot(CallState.Connected, CallDirection.Outbound, "101", "+4930999");
        var frame = RemoteFrameWriter.CallState([new UserCall(call with { Call = call.Call with { Asked = "sales" } }, "101")], null);

        Assert.DoesNotContain("4930999", System.Text.Encoding.UTF8.GetString(frame), StringComparison.Ordinal);
        Assert.Equal("sales", (string?)JsonNode.Parse(frame)!["calls"]![0]!["to-number"]);
    }

    [Theory]
    [InlineData("desk-of-another", true)]
    [InlineData(null, true)]
    [InlineData("101-second", false)]
    public void Call_that_another_took_over_is_no_longer_the_users(string? device, bool isGone)
    {
        DeviceEntry[] devices = [new("101-desk", "", ""), new("101-second", "", "")];
        var users = new[] { new UserEntry("101", null, null, devices), new UserEntry("102", null, null, [new("desk-of-another", "", "")]) };
        var directory = new CallDirectory(new DirectorySnapshot([new DomainEntry("demo.local", users)], []));
        var first = new LegSummary("l1", LegRole.User, "101-desk", AnsweredAt: Start);
        var talking = Snapshot(CallState.Connected, CallDirection.Outbound, "101", "+4930101") with { Legs = [first] };
        var ringing = talking with { Legs = [first, new LegSummary("l3", LegRole.User, device, Replaces: "l1")] };
        var taken = talking with { Legs = [first with { EndedAt = Start.AddSeconds(9) }, ringing.Legs[1] with { AnsweredAt = Start.AddSeconds(9) }] };

        Assert.Equal((false, false, isGone), (Is(talking), Is(ringing), Is(taken)));

        bool Is(CallSnapshot call) => new UserCall(call, "101").IsGivenAway(directory);
    }

    private static JsonNode Told(CallSnapshot snapshot, string user) =>
        JsonNode.Parse(RemoteFrameWriter.CallState([new UserCall(snapshot, user)], null))!["calls"]![0]!;

    private static CallSnapshot Snapshot(CallState state, CallDirection direction, string user, string destination, string? callerId = null) => new(
        CallId.Parse("c1"),
        state,
        new CallParties("demo.local", direction, user, destination, Start, callerId),
        state == CallState.Connected ? Start.AddSeconds(9) : null,
        Legs: [new LegSummary("l1", LegRole.User, $"{user}-desk"), new LegSummary("l2", LegRole.Destination, $"{destination}-desk")]);
}
