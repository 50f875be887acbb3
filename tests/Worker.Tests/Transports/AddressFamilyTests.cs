using System.Net;
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
}
