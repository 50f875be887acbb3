using ClickToDial.Calls.Registrar;
using ClickToDial.Sip.Transport;
using ClickToDial.TestKit.Time;

namespace ClickToDial.Calls.Tests.Registrar;

public sealed class BindingStoreTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly BindingStore _store;

    public BindingStoreTests() => _store = new BindingStore(_time);

    [Fact]
    public void Binding_ends_when_its_time_is_up()
    {
        Assert.True(_store.TryApply(Request(1), [Wish("sip:a", 60)]));
        Assert.Single(_store.Find("demo.local", "101"));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Empty(_store.Find("demo.local", "101"));
        _store.Purge();
        Assert.Empty(_store.All());
    }

    [Fact]
    public void Late_request_of_the_same_call_id_changes_nothing()
    {
        Assert.True(_store.TryApply(Request(5), [Wish("sip:a", 60)]));
        Assert.False(_store.TryApply(Request(5), [Wish("sip:b", 60), Wish("sip:a", 0)]));
        Assert.Equal("sip:a", Assert.Single(_store.Find("demo.local", "101")).Contact);
    }

    [Fact]
    public void Device_that_names_its_instance_has_one_binding_wherever_it_is()
    {
        _store.TryApply(Request(1), [new ContactWish("sip:a", TimeSpan.FromMinutes(1), "<urn:uuid:1>")]);
        _store.TryApply(Request(2), [new ContactWish("sip:b", TimeSpan.FromMinutes(1), "<urn:uuid:1>")]);
        Assert.Equal("sip:b", Assert.Single(_store.Find("demo.local", "101")).Contact);
    }

    [Fact]
    public void Device_that_restarts_again_and_again_loses_its_oldest_bindings_and_nobody_elses()
    {
        Assert.True(_store.TryApply(Request(1) with { Device = "101-b" }, [Wish("sip:other", 600)]));
        for (var i = 0; i < 20; i++) Assert.True(_store.TryApply(Request(1) with { CallId = "restart-" + i }, [Wish("sip:" + i, 600)]));
        Assert.Equal(["sip:19", "sip:18", "sip:17", "sip:16", "sip:other"], _store.Find("demo.local", "101").Select(binding => binding.Contact));
    }

    [Fact]
    public void Later_request_of_the_same_call_id_moves_the_binding()
    {
        Assert.True(_store.TryApply(Request(1), [Wish("sip:a", 600)]));
        Assert.True(_store.TryApply(Request(2), [Wish("sip:b", 600)]));
        Assert.Equal("sip:b", Assert.Single(_store.Find("demo.local", "101")).Contact);
    }

    [Fact]
    public void More_contacts_than_one_device_may_have_are_refused_as_a_whole()
    {
        var wishes = Enumerable.Range(0, BindingStore.MaxPerDevice + 1).Select(i => Wish("sip:" + i, 60)).ToList();
        Assert.False(_store.TryApply(Request(1), wishes));
        Assert.Empty(_store.All());
    }

    [Fact]
    public void Numbered_flows_of_one_instance_stand_beside_each_other_and_each_replaces_itself()
    {
        _store.TryApply(Request(1), [Flow("sip:a", 1)]);
        _store.TryApply(Request(1) with { CallId = "other" }, [Flow("sip:b", 2)]);
        Assert.Equal(["sip:b", "sip:a"], _store.Find("demo.local", "101").Select(binding => binding.Contact));
        _store.TryApply(Request(2), [Flow("sip:c", 1)]);
        Assert.Equal(["sip:c", "sip:b"], _store.Find("demo.local", "101").Select(binding => binding.Contact));
        _store.TryApply(Request(3), [Flow("sip:c", 1) with { FlowId = null }]);
        Assert.Equal(["sip:c"], _store.Find("demo.local", "101").Select(binding => binding.Contact));
    }

    [Fact]
    public void Same_contact_by_two_numbered_flows_is_two_bindings()
    {
        _store.TryApply(Request(1), [Flow("sip:a", 1)]);
        _store.TryApply(Request(2), [Flow("sip:a", 2)]);
        Assert.Equal([2, 1], _store.Find("demo.local", "101").Select(binding => binding.FlowId));
    }

    [Fact(DisplayName = "D6: a device that has gone on to another worker is not here any more, nor is one that has expired, and others are told; one that is at both is")]
    public void Moved_to_another_worker()
    {
        var told = 0;
        _store.TryApply(Request(5), [Wish("sip:a", 60)]);
        _store.Changed = (_, _) => told++;
        var elsewhere = Request(4) with { Contact = "sip:a", Edge = "other" };
        _store.MoveAway(elsewhere);
        _store.MoveAway(elsewhere with { Sequence = 6, CallId = "another" });
        Assert.Equal((1, 0), (_store.Find("demo.local", "101").Count, told));
        _store.MoveAway(elsewhere with { Sequence = 6 });
        Assert.Equal((0, 1), (_store.Find("demo.local", "101").Count, told));

        _store.TryApply(Request(7), [Wish("sip:a", 60)]);
        _time.Advance(TimeSpan.FromSeconds(60));
        _store.Purge();
        Assert.Equal(3, told);
    }

    private static ContactWish Flow(string contact, int id) => new(contact, TimeSpan.FromMinutes(1), "urn:uuid:1", id);

    private static ContactWish Wish(string contact, int seconds) => new(contact, TimeSpan.FromSeconds(seconds), null);

    private static Binding Request(long sequence) =>
        new("demo.local", "101", "101-a", "", SipTransportKind.Udp, "127.0.0.1:5060", "call-id", sequence, default);
}
