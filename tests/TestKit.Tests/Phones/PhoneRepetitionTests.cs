using System.Net;
using System.Net.Sockets;
using System.Text;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.TestKit.Tests.Phones;

/// <summary>A caller in a hurry repeats what was not answered yet; the phone must not take that for something new.</summary>
public sealed class PhoneRepetitionTests : IDisposable
{
    private readonly UdpClient _caller = new(new IPEndPoint(IPAddress.Loopback, 0));

    [Fact]
    public async Task Repeated_invite_of_a_call_that_rings_gets_180_again()
    {
        await using var phone = Phone(IncomingCall.Ring);
        await SendAsync(phone, "INVITE", cseq: 1, "");
        var first = await AnswerAsync();
        await SendAsync(phone, "INVITE", cseq: 1, "");
        var second = await AnswerAsync();
        Assert.StartsWith("SIP/2.0 180 ", first, StringComparison.Ordinal);
        Assert.Equal(first, second);
        Assert.Equal(1, phone.CallCount);
    }

    [Fact]
    public async Task Repeated_invite_of_a_call_that_was_answered_gets_the_same_answer_and_a_new_one_its_own()
    {
        await using var phone = Phone(IncomingCall.Answer);
        await SendAsync(phone, "INVITE", cseq: 1, "");
        Assert.StartsWith("SIP/2.0 180 ", await AnswerAsync(), StringComparison.Ordinal);
        var answer = await AnswerAsync();
        var tag = answer.Split("\r\n").Single(line => line.StartsWith("To:", StringComparison.OrdinalIgnoreCase)).Split("tag=")[1];
        await SendAsync(phone, "ACK", cseq: 1, $";tag={tag}");
        await SendAsync(phone, "INVITE", cseq: 1, "");
        Assert.Equal(answer, await AnswerAsync());
        await SendAsync(phone, "INVITE", cseq: 2, $";tag={tag}");
        var again = await AnswerAsync();
        Assert.StartsWith("SIP/2.0 200 ", again, StringComparison.Ordinal);
        Assert.Contains("CSeq: 2 INVITE", again, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_after_the_phone_was_picked_up_is_too_late()
    {
        await using var phone = Phone(IncomingCall.Ring);
        await SendAsync(phone, "INVITE", cseq: 1, "");
        Assert.StartsWith("SIP/2.0 180 ", await AnswerAsync(), StringComparison.Ordinal);
        var call = await phone.RingsAsync();
        call.PickUp();
        await SendAsync(phone, "CANCEL", cseq: 1, "");
        Assert.Contains("CSeq: 1 CANCEL", await AnswerAsync(), StringComparison.Ordinal);
        var answered = call.AnswerAsync();
        Assert.StartsWith("SIP/2.0 200 ", await AnswerAsync(), StringComparison.Ordinal);
        await SendAsync(phone, "ACK", cseq: 1, ";tag=any");
        await answered;
        Assert.False(call.HasEnded);
    }

    public void Dispose() => _caller.Dispose();

    private static Phone Phone(IncomingCall onCall) =>
        new(new PhoneSettings(new IPEndPoint(IPAddress.Loopback, 9), "demo.local", "101-a", "secret", 400) { OnCall = onCall });

    private async Task SendAsync(Phone phone, string method, int cseq, string toTag)
    {
        const string Sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n";
        var body = method == "INVITE" ? Sdp : "";
        var message = $"""
            {method} sip:101-a@{phone.Address} SIP/2.0
            Via: SIP/2.0/UDP {_caller.Client.LocalEndPoint};branch=z9hG4bK-{method}-{cseq};rport
            Max-Forwards: 70
            From: <sip:caller@demo.local>;tag=f
            To: <sip:101-a@demo.local>{toTag}
            Call-ID: repeated
            CSeq: {cseq} {method}
            Contact: <sip:caller@{_caller.Client.LocalEndPoint}>
            Content-Type: application/sdp
            Content-Length: {body.Length}


            """.ReplaceLineEndings("\r\n") + body;
        await _caller.SendAsync(Encoding.ASCII.GetBytes(message), phone.Address);
    }

    private async Task<string> AnswerAsync() => Encoding.ASCII.GetString((await _caller.ReceiveAsync().WaitAsync(Patience.Step)).Buffer);
}
