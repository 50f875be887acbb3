using ClickToDial.Calls.Tests.Hooks;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Directory;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>F2: a domain's own back end is asked about calls from outside (<c>OnCallEvent</c>), and the caller hears what it says.</summary>
public sealed class IncomingHookTests : FlowTest
{
    [Fact]
    public async Task Call_that_the_back_end_refuses_is_answered_403()
    {
        await using var backEnd = await BackEnd.StartAsync();
        await using var trunk = await TrunkAsync(backEnd);
        await using var phone = await Rig.PhoneAsync("102-a");
        backEnd.Refuse("OnCallEvent", 403);
        Assert.Equal(403, (await trunk.Bring("+4930102").FinalAsync()).Status);
        var asked = await backEnd.NextAsync();
        Assert.Equal(("OnCallEvent", "102", "+4930102", "+12025550100"), (asked.Method, asked.Text("user"), asked.Text("callee"), asked.Text("caller")));
        Assert.Equal(0, phone.CallCount);
    }

    [Fact]
    public async Task Call_goes_on_to_whom_the_back_end_names()
    {
        await using var backEnd = await BackEnd.StartAsync();
        await using var trunk = await TrunkAsync(backEnd);
        await using var named = await Rig.PhoneAsync("101-a");
        backEnd.Change("OnCallEvent", body => body["callee"] = "101");
        var dialled = trunk.Bring("+4930102");
        (await named.RingsAsync()).Reject(486);
        Assert.Equal(486, (await dialled.FinalAsync()).Status);
    }

    [Fact]
    public async Task Call_rings_when_the_back_end_is_gone_because_nobody_said_that_it_must_not()
    {
        await using var trunk = await TrunkAsync(backEnd: null);
        await using var phone = await Rig.PhoneAsync("102-a");
        var dialled = trunk.Bring("+4930102");
        (await phone.RingsAsync()).Reject(486);
        Assert.Equal(486, (await dialled.FinalAsync()).Status);
    }

    /// <param name="backEnd">Null for one that is gone.</param>
    private async Task<SipUa> TrunkAsync(BackEnd? backEnd)
    {
        var trunk = new SipUa(Rig.SipAddress);
        var plain = WorkerRig.Snapshot(new TrunkEntry("carrier", ["+49"], $"sip:{trunk.Address}", Domains: [WorkerRig.Domain]));
        var domain = plain.Domains[0];
        var users = domain.Users.Select(user => user.Name == "102" ? user with { Numbers = ["+4930102"] } : user).ToList();
        var hooks = new DomainHooks(backEnd?.Url.AbsoluteUri ?? "http://127.0.0.1:9/", HookRig.Secret, Incoming: true);
        Rig.Functions.Publish(plain with { Domains = [domain with { Users = users, Hooks = hooks }] });
        await Rig.Server.DirectoryLearnsAsync(directory => directory.FindTrunk("carrier") is not null);
        return trunk;
    }
}
