using ClickToDial.Calls.Registrar;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Sip.Transport;
using ClickToDial.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Calls.Tests.Registrar;

public sealed class BindingFileTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly TempFolder _folder = new();

    private string File => _folder.Sub("bindings");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_kept_is_on_disk_when_it_is_said_to_be()
    {
        var store = new BindingStore(_time);
        await using var file = Open(store);
        await KeepAsync(store, file, "100", 600);
        await KeepAsync(store, file, "101", 600);
        Assert.Equal(["100", "101"], Users(File));
        await KeepAsync(store, file, "100", 0);
        Assert.Equal(["101"], Users(File));
    }

    [Fact]
    public async Task Way_of_a_device_comes_back_whole()
    {
        var store = new BindingStore(_time);
        await using (var file = Open(store))
        {
            var binding = Request("100") with { Path = ["<sip:proxy.example;lr>"], Transport = SipTransportKind.Wss };
            store.TryApply(binding, [new ContactWish("sip:a", TimeSpan.FromMinutes(1), "urn:uuid:1", 2)]);
            await KeptAsync(file, "100");
        }
        var back = Assert.Single(Read(File).All());
        Assert.Equal(("sip:a", "urn:uuid:1", 2, SipTransportKind.Wss), (back.Contact, back.Instance, back.FlowId!.Value, back.Flow.Kind));
        Assert.Equal("<sip:proxy.example;lr>", Assert.Single(back.Path!));
    }

    [Fact]
    public async Task File_cut_at_any_byte_gives_back_the_whole_lines_and_can_be_written_on()
    {
        var store = new BindingStore(_time);
        await using (var file = Open(store))
            for (var i = 0; i < 5; i++) await KeepAsync(store, file, "10" + i, 600);
        var bytes = await System.IO.File.ReadAllBytesAsync(File);
        for (var length = 0; length <= bytes.Length; length += 7)
        {
            await System.IO.File.WriteAllBytesAsync(File, bytes[..length]);
            var again = new BindingStore(_time);
            var whole = bytes[..length].Count(b => b == '\n');
            await using (var file = Open(again))
            {
                Assert.InRange(again.All().Count, whole, whole + 1);
                await KeepAsync(again, file, "new", 600);
            }
            Assert.Contains("new", Users(File));
            Assert.InRange(Users(File).Count, whole + 1, whole + 2);
        }
    }

    [Fact]
    public async Task Devices_that_refresh_for_ever_do_not_fill_the_disk()
    {
        var store = new BindingStore(_time);
        await using var file = Open(store);
        await KeepAsync(store, file, "100", 600);
        var line = new FileInfo(File).Length;
        for (var i = 2; i < 10_000; i++) await KeepAsync(store, file, "100", 600, i);
        Assert.InRange(new FileInfo(File).Length, line, 5000 * (line + 10));
        Assert.Single(Users(File));
    }

    [Fact]
    public async Task Disk_that_refuses_holds_nobody_up_and_is_tried_again()
    {
        var store = new BindingStore(_time);
        System.IO.Directory.CreateDirectory(File + ".new");
        await using var file = Open(store);
        await KeepAsync(store, file, "100", 600);
        Assert.False(System.IO.File.Exists(File));
        System.IO.Directory.Delete(File + ".new");
        await KeepAsync(store, file, "101", 600);
        Assert.Equal(["100", "101"], Users(File));
    }

    private static async Task KeepAsync(BindingStore store, BindingFile file, string user, int seconds, long sequence = 0)
    {
        Assert.True(store.TryApply(Request(user) with { Sequence = seconds == 0 ? 9 : sequence }, [new ContactWish("sip:a", TimeSpan.FromSeconds(seconds), null)]));
        await KeptAsync(file, user);
    }

    private static Task KeptAsync(BindingFile file, string user)
    {
        var kept = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        file.Keep("demo.local", user, kept.SetResult);
        return kept.Task.WaitAsync(Patience.Limit);
    }

    private BindingFile Open(BindingStore store) => new(store, File, _time, NullLogger<BindingFile>.Instance);

    // Another process would see the same: nothing is held back in a buffer.
    private BindingStore Read(string path)
    {
        var copy = path + ".read";
        System.IO.File.Copy(path, copy, overwrite: true);
        var store = new BindingStore(_time);
        new BindingFile(store, copy, _time, NullLogger<BindingFile>.Instance).DisposeAsync().AsTask().GetAwaiter().GetResult();
        return store;
    }

    private List<string> Users(string path) => [.. Read(path).All().Select(binding => binding.User).Order(StringComparer.Ordinal)];

    private static Binding Request(string user) =>
        new("demo.local", user, user, "", SipTransportKind.Udp, "127.0.0.1:5060", "call-id", 1, default);
}
