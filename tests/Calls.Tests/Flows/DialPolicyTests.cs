using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Directory;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>What bounds calls that no function has looked at, because a device dialled them.</summary>
public sealed class DialPolicyTests : FlowTest
{
    [Fact]
    public async Task Number_that_the_domain_denies_is_refused_and_the_trunk_not_asked()
    {
        await using var far = new SipUa(Rig.SipAddress);
        await PublishAsync(far, new DomainPolicy(["+"], ["+49301"]));
        await using var ua = new SipUa(Rig.SipAddress);
        var refused = await ua.Dial(Number, SipUa.Sdp("8")).ResponseAsync();
        Assert.Equal((403, "Destination Not Allowed"), (refused.Status, refused.Reason));

        await using var other = new SipUa(Rig.SipAddress);
        _ = other.Dial("+4989111222", SipUa.Sdp("8"));
        Assert.Equal("+4989111222", (await far.RequestAsync()).Request.Uri.User); // The first that the trunk hears of.
    }

    [Fact]
    public async Task User_with_as_many_calls_as_it_may_have_gets_no_further_one_until_one_ends()
    {
        await using var far = new SipUa(Rig.SipAddress);
        await PublishAsync(far, new DomainPolicy(["+"], [], MaxConcurrentCallsPerUser: 1));
        await using var ua = new SipUa(Rig.SipAddress);
        var first = ua.Dial(Number, SipUa.Sdp("8"));
        var invite = await far.RequestAsync();
        await using var second = new SipUa(Rig.SipAddress);
        var refused = await second.Dial("echo", SipUa.Sdp("8")).ResponseAsync();
        Assert.Equal((403, "Too Many Calls"), (refused.Status, refused.Reason));
        invite.Respond(486);
        Assert.Equal(486, (await first.ResponseAsync()).Status);
    }

    [Fact]
    public async Task Stranger_that_guesses_passwords_is_shut_out_even_with_the_right_one()
    {
        await using var ua = new SipUa(Rig.SipAddress);
        for (var i = 0; i < Calls.Registrar.LoginGuard.Free; i++) Assert.Equal(401, (await ua.RegisterAsync("101-a", password: "wrong" + i)).Status);
        Assert.Equal(403, (await ua.RegisterAsync("101-a")).Status);
        Assert.Equal(200, (await ua.RegisterAsync("101-b")).Status);
    }

    private Task PublishAsync(SipUa far, DomainPolicy policy)
    {
        var plain = WorkerRig.Snapshot(new TrunkEntry("world", ["+49"], $"sip:{far.Address}"));
        Rig.Functions.Publish(plain with { Domains = [plain.Domains[0] with { Policy = policy }] });
        return Rig.Server.DirectoryLearnsAsync(directory => directory.PolicyOf(WorkerRig.Domain) is not null);
    }
}
