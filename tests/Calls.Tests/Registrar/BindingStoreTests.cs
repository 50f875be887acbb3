using ClickToDial.Calls.Registrar;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Sip.Transport;
using ClickToDial.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Calls.Tests.Registrar;

public sealed class BindingStoreTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly BindingStore _store;
    private readonly TempFolder _folder = new();

    public BindingStoreTests() => _store = new BindingStore(_time);

    public void Dispose() => _folder.Dispose();

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
    public async Task File_cut_at_any_byte_gives_back_the_whole_lines()
    {
        for (var i = 0; i < 5; i++) _store.TryApply(Request(1) with { User = "10" + i }, [Wish("sip:" + i, 600)]);
        var path = _folder.Sub("bindings");
        await using (new BindingFile(_store, path, TimeSpan.FromHours(1), _time, NullLogger<BindingFile>.Instance))
            _store.TryApply(Request(2), [Wish("sip:new", 600)]);
        var bytes = await File.ReadAllBytesAsync(path);

        for (var length = 0; length <= bytes.Length; length += 7)
        {
            await File.WriteAllBytesAsync(path, bytes[..length]);
            var again = new BindingStore(_time);
            await using var file = new BindingFile(again, path, TimeSpan.FromHours(1), _time, NullLogger<BindingFile>.Instance);
            var whole = bytes[..length].Count(b => b == '\n');
            Assert.InRange(again.All().Count, whole, whole + 1);
        }
    }

    private static ContactWish Wish(string contact, int seconds) => new(contact, TimeSpan.FromSeconds(seconds), null);

    private static Binding Request(long sequence) =>
        new("demo.local", "101", "101-a", "", SipTransportKind.Udp, "127.0.0.1:5060", "call-id", sequence, default);
}
