using System.Net;
using System.Net.Sockets;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.TestKit.Phones;
using ClickToDial.Worker.Tests.Support;

namespace ClickToDial.Worker.Tests.Transports;

public sealed class AddressFamilyTests(WorkerProcess worker) : IClassFixture<WorkerProcess>
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Phone_registers_and_is_rung_by_either_family(string address)
    {
        await using var phone = await worker.PhoneAsync(IPAddress.Parse(address));
        await worker.OriginateAsync("echo");
        await phone.Messages.WaitAsync(line => line.Contains("INVITE", StringComparison.Ordinal), "INVITE");
        Assert.Equal(200, await phone.RegisterAsync(0));
    }

    [Fact(DisplayName = "D4: a phone that has IPv6 alone talks through the worker's process: signalling and sound on ::1")]
    public async Task Phone_by_IPv6_hears_itself()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        await using var own = await LoneWorker.StartAsync(["101"], new Dictionary<string, string?>
        {
            ["Sip__BindAddress"] = "127.0.0.1, ::1",
            ["Media__BindAddress"] = "::",
            ["Media__PublicAddress"] = "127.0.0.1",
            ["Media__PublicAddress6"] = "::1",
        });
        await using var phone = await Phone.RegisteredAsync(own.PhoneOf("101", 440, new IPEndPoint(IPAddress.IPv6Loopback, own.Settings.SipPort)));
        var id = await own.Api.OriginateAsync(new OriginateCommand(LoneWorker.Domain, "101", "echo"));
        var call = await phone.RingsAsync();
        await call.HearsAsync(440); // it has no socket that could send to an IPv4 address
        await call.HangUpAsync();
        var ended = await own.Functions.EndAsync(id);
        Assert.Equal(CallResult.Answered, ended.Outcome!.Result);
        Assert.Equal(0, ended.Legs![0].Media!.PacketsLost);
    }
}
