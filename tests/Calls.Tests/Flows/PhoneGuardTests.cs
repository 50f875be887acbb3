using System.Text.Json.Nodes;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Secrets;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>B1: the functions' guard is asked about every number outside that a phone dials, however it does.</summary>
public sealed class PhoneGuardTests : FlowTest
{
    private const string Secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    protected override TimeProvider Time { get; } = new SameHour();

    private readonly LiveSecret _live = new(Secret);

    protected override CallServerOptions Configure(CallServerOptions options) => options with { HookSecret = _live, Hooks = new HookOptions { Secret = Secret, UnansweredCallsPerHour = 1 } };

    [Fact]
    public async Task Number_is_asked_about_by_the_id_of_its_call_and_dialled_when_it_may_be()
    {
        await using var far = await TrunkAsync();
        await using var ua = new SipUa(Rig.SipAddress);
        _ = ua.Dial(Number, SipUa.Sdp("8"));
        (await far.RequestAsync()).Respond(486);
        var (method, asked) = Assert.Single(Rig.Functions.Hooks.Snapshot());
        Assert.Equal(("dial", WorkerRig.Domain, "101", Number, "127.0.0.1"),
            (method, Text(asked, "domain"), Text(asked, "user"), Text(asked, "callee"), Text(asked, "clientAddress")));
        var ended = await Rig.Functions.EndAsync(CallId.Parse(Text(asked, "callId")!));
        Assert.Equal(Number, ended.Call.Destination);
    }

    [Fact]
    public async Task Number_that_the_guard_refuses_is_refused_and_the_trunk_not_asked_and_its_place_is_free_again()
    {
        await using var far = await TrunkAsync(new DomainPolicy(["+"], [], MaxConcurrentCallsPerUser: 1));
        Rig.Functions.OnHook = (_, asked) => Text(asked, "callee") == Number ? (429, "user-hourly-limit") : null;
        await using var ua = new SipUa(Rig.SipAddress);
        Assert.Equal(403, (await ua.Dial(Number, SipUa.Sdp("8")).ResponseAsync()).Status);
        await using var other = new SipUa(Rig.SipAddress);
        _ = other.Dial("+4989111222", SipUa.Sdp("8"));
        Assert.Equal("+4989111222", (await far.RequestAsync()).Request.Uri.User); // The first that the trunk hears of.
    }

    [Fact(DisplayName = "D6: a question is signed with the secret of the moment")]
    public async Task Question_is_signed_with_the_secret_that_was_put_in_place_meanwhile()
    {
        const string New = "whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU=";
        await using var far = await TrunkAsync();
        Rig.Functions.HookSecret = Secret;
        Rig.Functions.OnHook = (_, _) => (403, "outside-hours");
        await AskedAsync(1);
        Assert.True(_live.Replace([New]));
        Rig.Functions.HookSecret = New;
        await AskedAsync(2);
        Assert.Empty(Rig.Functions.Refused.Snapshot());

        async Task AskedAsync(int times)
        {
            await using var ua = new SipUa(Rig.SipAddress);
            Assert.Equal(403, (await ua.Dial(Number, SipUa.Sdp("8")).ResponseAsync()).Status);
            Assert.Equal(times, Rig.Functions.Hooks.Count);
        }
    }

    [Theory]
    [InlineData(503, null)]
    [InlineData(404, "hook-unknown")]
    [InlineData(403, "hook-signature-invalid")]
    [InlineData(403, null)]
    [InlineData(429, null)]
    public async Task Guard_that_does_not_answer_lets_a_user_dial_so_many_numbers_in_an_hour(int status, string? slug)
    {
        await using var far = await TrunkAsync();
        Rig.Functions.OnHook = (_, _) => (status, slug);
        await using var ua = new SipUa(Rig.SipAddress);
        _ = ua.Dial(Number, SipUa.Sdp("8"));
        (await far.RequestAsync()).Respond(486);
        await using var other = new SipUa(Rig.SipAddress);
        Assert.Equal(503, (await other.Dial(Number, SipUa.Sdp("8")).ResponseAsync()).Status);
    }

    [Fact]
    public async Task Users_of_the_domain_and_test_numbers_are_nobodys_business()
    {
        Rig.Functions.OnHook = (_, _) => (403, "user-unknown");
        await using var callee = await Rig.PhoneAsync("102-a");
        await using var ua = new SipUa(Rig.SipAddress);
        _ = ua.Dial("102", SipUa.Sdp("8"));
        (await callee.RingsAsync()).Reject(486);
        Assert.Empty(Rig.Functions.Hooks.Snapshot());
    }

    [Fact]
    public async Task Phone_refers_a_call_to_no_number_that_the_guard_refuses()
    {
        await using var user = new SipUa(Rig.SipAddress);
        await using var far = await TrunkAsync();
        Rig.Functions.OnHook = (_, asked) => Text(asked, "callee") == "+4989111222" ? (403, "outside-hours") : null;
        var dialled = user.Dial(Number, SipUa.Sdp("8"));
        far.Answer(await far.RequestAsync(), SipUa.Sdp("8"));
        Assert.Equal(200, (await dialled.FinalAsync()).Status);
        await Rig.Functions.EventAsync(CallId.Parse(Text(Rig.Functions.Hooks.Snapshot()[0].Body, "callId")!), CallEventType.CallConnected);
        var dialog = dialled.Dialog!;

        Assert.Equal(403, (await user.ReferAsync(dialog, $"<sip:+4989111222@{WorkerRig.Domain}>")).Status);
        Assert.Equal(202, (await user.ReferAsync(dialog, $"<sip:+4989111333@{WorkerRig.Domain}>")).Status);
        Assert.Equal("+4989111333", (await far.RequestAsync()).Request.Uri.User);
        var asked = Rig.Functions.Hooks.Snapshot().Select(hook => hook.Body).ToList();
        Assert.Equal(["+4930123456", "+4989111222", "+4989111333"], asked.Select(body => Text(body, "callee")));
        Assert.Single(asked.Select(body => Text(body, "callId")).Distinct());
        Assert.Equal([1, 2, 3], asked.Select(body => body["attempt"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_from_outside_is_sent_on_to_no_number_that_the_guard_refuses(bool refuses)
    {
        await using var trunk = await TrunkAsync(forwardTo: "+4989111222");
        if (refuses) Rig.Functions.OnHook = (_, _) => (403, "outside-hours");
        var dialled = trunk.Bring("+4930102");
        if (!refuses)
        {
            var onward = await trunk.RequestAsync();
            Assert.Equal("+4989111222", onward.Request.Uri.User);
            onward.Respond(486);
        }
        Assert.Equal(refuses ? 403 : 486, (await dialled.FinalAsync()).Status);
        var (method, asked) = Assert.Single(Rig.Functions.Hooks.Snapshot());
        Assert.Equal(("dial", "102", "+4989111222"), (method, Text(asked, "user"), Text(asked, "callee")));
        if (!refuses) await Rig.Functions.EventAsync(CallId.Parse(Text(asked, "callId")!), CallEventType.CallEnded);
    }

    private static string? Text(JsonObject body, string name) => body[name]?.GetValue<string>();

    /// <summary>The far end of a trunk that serves all numbers.</summary>
    private async Task<SipUa> TrunkAsync(DomainPolicy? policy = null, string? forwardTo = null)
    {
        var far = new SipUa(Rig.SipAddress);
        var plain = WorkerRig.Snapshot(new TrunkEntry("world", ["+49"], $"sip:{far.Address}", Domains: [WorkerRig.Domain]));
        var domain = plain.Domains[0];
        var users = domain.Users.Select(user => user.Name == "102" ? user with { Numbers = ["+4930102"], ForwardTo = forwardTo } : user).ToList();
        Rig.Functions.Publish(plain with { Domains = [domain with { Policy = policy ?? new DomainPolicy(["+"], []), Users = users }] });
        await Rig.Server.DirectoryLearnsAsync(directory => directory.PolicyOf(WorkerRig.Domain) is not null);
        return far;
    }

    /// <summary>Begins at the full hour, so that none turns between two calls; its timers are the machine's.</summary>
    private sealed class SameHour : TimeProvider
    {
        private readonly DateTimeOffset _start;
        private readonly long _began;

        public SameHour()
        {
            var now = System.GetUtcNow();
            _start = now - TimeSpan.FromTicks(now.Ticks % TimeSpan.TicksPerHour);
            _began = GetTimestamp();
        }

        public override DateTimeOffset GetUtcNow() => _start + GetElapsedTime(_began);
    }
}
