using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Sounds;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Messages;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>What is heard of a failure before the call ends, and what domains hear on hold.</summary>
public sealed class AnnouncementTests : FlowTest
{
    private const double Busy = 1200;
    private const double NoRoute = 1400;
    private const double Unknown = 1600;
    private const double Jazz = 1800;
    private const double Denied = 2000;
    protected override CallServerOptions Configure(CallServerOptions options)
    {
        var folder = options.Sounds.Folder;
        Sound.In(folder, "destination-busy", Busy, milliseconds: 700);
        Sound.In(folder, "no-route", NoRoute, milliseconds: 700);
        Sound.In(folder, "unknown-number", Unknown, milliseconds: 700);
        Sound.In(folder, "destination-denied", Denied, milliseconds: 700);
        Sound.In(Path.Combine(folder, "de"), "jazz", Jazz);
        return options with { Sounds = new SoundOptions { Folder = folder, AnnounceFailures = FailureAnnouncements.Always } };
    }

    [Fact]
    public async Task User_who_answered_hears_that_the_destination_is_busy_and_then_the_call_ends()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command("busy"));
        var user = await phone.RingsAsync();
        await user.HearsAsync(Busy);
        Assert.Equal(CallEnd.HungUpByPeer, await user.EndsAsync());
        await EndsAsync(id, CallResult.Busy, CallReasons.DestinationBusy, 486);
    }

    [Fact]
    public async Task User_may_hang_up_on_the_announcement_and_the_destination_is_busy_all_the_same()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command("busy"));
        var user = await phone.RingsAsync();
        await user.HearsAsync(Busy);
        await user.HangUpAsync();
        await EndsAsync(id, CallResult.Busy, CallReasons.DestinationBusy, 486);
    }

    [Fact]
    public async Task Device_hears_before_the_refusal_that_the_number_leads_nowhere()
    {
        await using var device = await RegisteredAsync("101-a");
        using var ear = new Ear();
        var call = device.Dial("+15550100", ear.Sdp());
        Assert.Equal(183, (await call.ResponseAsync()).Status);
        await ear.HearsAsync(NoRoute);
        Assert.Equal(404, (await call.ResponseAsync()).Status);
        var started = await Rig.Functions.Events.WaitAsync(told => told.Type == CallEventType.CallStarted, "the call");
        await EndsAsync(started.CallId, CallResult.Failed, CallReasons.NoRoute);
    }

    [Fact]
    public async Task Caller_from_outside_hears_that_the_number_is_unknown_and_is_refused_with_the_networks_cause()
    {
        await using var far = new SipUa(Rig.SipAddress);
        await PublishAsync(far);
        using var ear = new Ear();
        var call = far.Dial("+4930999", ear.Sdp(), change: FromOutside);
        Assert.Equal(183, (await call.ResponseAsync()).Status);
        await ear.HearsAsync(Unknown);
        var refused = await call.ResponseAsync();
        Assert.Equal(404, refused.Status);
        Assert.Contains("Q.850;cause=1", refused.Headers.Get(HeaderName.Reason), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Number_that_the_device_may_not_dial_is_announced_and_refused()
    {
        await using var device = await RegisteredAsync("101-a");
        await using var far = new SipUa(Rig.SipAddress);
        var known = WorkerRig.Snapshot(new TrunkEntry("world", ["+49"], $"sip:{far.Address}"));
        Rig.Functions.Publish(known with { Domains = [.. known.Domains.Select(domain => domain with { Policy = new DomainPolicy(["+1"], []) })] });
        await Rig.Server.DirectoryLearnsAsync(directory => directory.PolicyOf(WorkerRig.Domain) is not null);
        using var ear = new Ear();
        var call = device.Dial(Number, ear.Sdp());
        Assert.Equal(183, (await call.ResponseAsync()).Status);
        await ear.HearsAsync(Denied);
        Assert.Equal(403, (await call.ResponseAsync()).Status);
    }

    [Fact]
    public async Task Caller_who_gives_up_on_an_announcement_leaves_nothing_behind()
    {
        await using var far = new SipUa(Rig.SipAddress);
        await PublishAsync(far);
        var call = far.Dial("+4930999", SipUa.Sdp("8"), change: FromOutside);
        Assert.Equal(183, (await call.ResponseAsync()).Status);
        call.Invite.Cancel();
        Assert.Equal(487, (await call.ResponseAsync()).Status);
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (Rig.Server.Media.OpenLegs > 0) await Task.Delay(10, limit.Token); // No event tells that ports were closed.
    }

    [Fact]
    public async Task Caller_who_leaves_the_offer_to_us_is_refused_without_a_sound()
    {
        await using var far = new SipUa(Rig.SipAddress);
        await PublishAsync(far);
        var call = far.Dial("+4930999", [], change: FromOutside);
        Assert.Equal(404, (await call.ResponseAsync()).Status);
    }

    [Fact]
    public async Task Domain_hears_the_music_of_its_choice_in_its_language()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await using var other = await Rig.PhoneAsync("102-a", onCall: IncomingCall.Answer);
        var known = WorkerRig.Snapshot();
        Rig.Functions.Publish(known with { Domains = [.. known.Domains.Select(domain => domain with { Sounds = new DomainSounds("jazz", "de") })] });
        await Rig.Server.DirectoryLearnsAsync(directory => directory.SoundsOf(WorkerRig.Domain) is not null);
        var id = await OriginateAsync(WorkerRig.Command("102"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        await Rig.Api.OrderAsync(id, "hold");
        await (await other.RingsAsync()).HearsAsync(Jazz);
    }

    private static void FromOutside(SipRequest invite) => invite.From = NameAddress.Parse("<sip:+4940777@carrier.example>;tag=out");

    private async Task PublishAsync(SipUa far)
    {
        Rig.Functions.Publish(WorkerRig.Snapshot(new TrunkEntry("world", ["+49"], $"sip:{far.Address}", Domains: [WorkerRig.Domain])));
        await Rig.Server.DirectoryLearnsAsync(directory => directory.FindTrunk("world") is not null);
    }
}

/// <summary>Where only who has answered is to hear of a failure.</summary>
public sealed class AnsweredAnnouncementTests : FlowTest
{
    protected override CallServerOptions Configure(CallServerOptions options)
    {
        Sound.In(options.Sounds.Folder, "no-route", 1400, milliseconds: 700);
        Sound.In(options.Sounds.Folder, "destination-busy", 1200, milliseconds: 700);
        return options with { Sounds = new SoundOptions { Folder = options.Sounds.Folder, AnnounceFailures = FailureAnnouncements.Answered } };
    }

    [Fact]
    public async Task Device_that_dials_is_refused_at_once_and_a_user_who_answered_hears_why()
    {
        await using var device = await RegisteredAsync("101-a");
        Assert.Equal(404, (await device.Dial("+15550100", SipUa.Sdp("8")).ResponseAsync()).Status);

        await using var phone = await Rig.PhoneAsync("101-b", onCall: IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command("busy"));
        (await device.RequestAsync()).Respond(480);
        await (await phone.RingsAsync()).HearsAsync(1200);
        await EndsAsync(id, CallResult.Busy, CallReasons.DestinationBusy, 486);
    }
}
