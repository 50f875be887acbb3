using System.Net;
using System.Net.Sockets;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Tests.Endpoint;
using ClickToDial.Sip.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Sip.Tests.Transport;

public sealed class StunKeepAliveTests
{
    // RFC 5769 section 2: transaction id of all its samples; the answers are those of its sections 2.2 and 2.3, without what
    // they add for their authentication.
    private const string Id = "b7e7a701bc34d686fa87dfae";

    private static readonly byte[] Request = Convert.FromHexString("000100002112a442" + Id);

    [Theory]
    [InlineData("192.0.2.1", 32853, "0101000c2112a442" + Id + "002000080001a147e112a643")]
    [InlineData("::ffff:192.0.2.1", 32853, "0101000c2112a442" + Id + "002000080001a147e112a643")]
    [InlineData("2001:db8:1234:5678:11:2233:4455:6677", 32853, "010100182112a442" + Id + "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9")]
    public void Binding_request_is_answered_with_the_address_it_came_from(string address, int port, string answer)
    {
        Span<byte> buffer = new byte[StunKeepAlive.MaxAnswer];
        var length = StunKeepAlive.Answer(Request, new IPEndPoint(IPAddress.Parse(address), port), buffer);
        Assert.Equal(answer, Convert.ToHexStringLower(buffer[..length]));
    }

    [Theory]
    [InlineData("010100002112a442" + Id, true)] // A success, which is nobody's question.
    [InlineData("000100042112a442" + Id, true)] // Less than it says.
    [InlineData("000100082112a442" + Id + "0006000061626364", true)] // A user name: credentials are not known here.
    [InlineData("000100042112a442" + Id + "80220001", true)] // An attribute that goes beyond the end.
    [InlineData("000100002112a443" + Id, false)]
    [InlineData("000100002112a442b7e7a701", false)]
    public void What_is_no_plain_request_gets_no_answer(string hex, bool isStun)
    {
        var datagram = Convert.FromHexString(hex);
        Assert.Equal(isStun, StunKeepAlive.IsStun(datagram));
        Assert.Equal(0, StunKeepAlive.Answer(datagram, new IPEndPoint(IPAddress.Loopback, 1), new byte[StunKeepAlive.MaxAnswer]));
    }

    [Fact]
    public async Task Port_of_SIP_answers()
    {
        await using var transport = new UdpTransport(new IPEndPoint(IPAddress.Loopback, 0), SipLimits.Default, NullLogger.Instance);
        transport.Start(new TransportSink());
        using var device = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        device.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await device.SendToAsync(Request, transport.Local);
        var buffer = new byte[100];
        var length = await device.ReceiveAsync(buffer).WaitAsync(TestPhone.Patience);
        var expected = new byte[StunKeepAlive.MaxAnswer];
        Assert.Equal(StunKeepAlive.Answer(Request, (IPEndPoint)device.LocalEndPoint!, expected), length);
        Assert.Equal(expected[..length], buffer[..length]);
    }
}
