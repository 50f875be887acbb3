using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Media.Codecs;
using ClickToDial.Media.Rtp;
using ClickToDial.Sip.Messages;
using ClickToDial.TestKit.Audio;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>Phones that give addresses nobody can reach, in Via, Contact and SDP, as they do behind a NAT: only where they send from leads back.</summary>
public sealed partial class NatTests : FlowTest
{
    private static readonly IPAddress Inside = IPAddress.Parse("192.0.2.44");

    [Fact(DisplayName = "D4, B6: two phones behind NATs register, are called, hear each other, hold, and are hung up")]
    public async Task Call_between_phones_behind_a_nat()
    {
        await using var user = await PhoneAsync("101-a", 440);
        await using var far = await PhoneAsync("102-a", 660);
        var id = await OriginateAsync(WorkerRig.Command("102"));
        var atUser = await user.RingsAsync();
        var atFar = await far.RingsAsync();
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        await atUser.HearsAsync(660);
        await atFar.HearsAsync(440);

        Assert.Equal("recvonly", await atUser.ReinviteAsync("sendonly"));
        Assert.Equal("sendrecv", await atUser.ReinviteAsync("sendrecv"));
        await atFar.HearsAsync(440, from: atFar.Heard.Count);
        await Rig.Api.HangUpAsync(id);
        Assert.Equal(CallEnd.HungUpByPeer, await atUser.EndsAsync());
        Assert.Equal(CallEnd.HungUpByPeer, await atFar.EndsAsync());
    }

    [Fact(DisplayName = "D4, B1: a phone behind a NAT dials, both hear each other, and the far end's BYE reaches it")]
    public async Task Call_by_a_phone_behind_a_nat()
    {
        await using var far = await PhoneAsync("102-a", 660);
        await using var ua = new SipUa(Rig.SipAddress);
        var contact = $"sip:101-a@{Inside}:5060";
        Assert.Equal(200, (await ua.RegisterAsync("101-a", $"<{contact}>")).Status);
        using var sound = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var offer = $"v=0\r\no=- 1 1 IN IP4 {Inside}\r\ns=-\r\nc=IN IP4 {Inside}\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n";
        var dialled = ua.Dial("102", Encoding.ASCII.GetBytes(offer), contact: contact);
        var answer = await dialled.FinalAsync();
        Assert.Equal(200, answer.Status);

        using var stop = new CancellationTokenSource();
        var sending = SayAsync(sound, MediaOf(answer), 440, stop.Token);
        var atFar = await far.RingsAsync();
        await atFar.HearsAsync(440);
        var heard = (await sound.ReceiveAsync(stop.Token).AsTask().WaitAsync(Patience.Limit)).Buffer;
        Assert.True(RtpHeader.TryRead(heard, out var header));
        Assert.Equal(8, header.PayloadType);
        await stop.CancelAsync();
        await sending;

        await atFar.HangUpAsync();
        Assert.Equal(SipMethod.Bye, (await ua.InDialogAsync()).Request.Method);
        var started = await Rig.Functions.Events.WaitAsync(told => told.Type == CallEventType.CallStarted, "the call");
        await EndsAsync(started.CallId, CallResult.Answered, CallReasons.DestinationHungUp);
    }

    [GeneratedRegex(@"c=IN IP4 ([\d.]+).*m=audio (\d+)", RegexOptions.Singleline)]
    private static partial Regex Media();

    private static IPEndPoint MediaOf(SipResponse answer)
    {
        var found = Media().Match(Encoding.ASCII.GetString(answer.Body.Span));
        return IPEndPoint.Parse($"{found.Groups[1].Value}:{found.Groups[2].Value}");
    }

    private static async Task SayAsync(UdpClient sound, IPEndPoint to, double hertz, CancellationToken stop)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var encoder = SpeechCodec.Pcma.CreateEncoder();
        var tone = new Tone(hertz);
        var samples = new short[160];
        var packet = new byte[RtpHeader.FixedLength + samples.Length];
        for (ushort i = 0; !stop.IsCancellationRequested; i++)
        {
            tone.Fill(samples);
            RtpHeader.Write(packet, 8, i == 0, i, i * 160u, 77);
            encoder.Encode(samples, packet.AsSpan(RtpHeader.FixedLength));
            await sound.SendAsync(packet, to, CancellationToken.None);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private Task<Phone> PhoneAsync(string device, double hertz) => Phone.RegisteredAsync(
        new PhoneSettings(Rig.SipAddress, WorkerRig.Domain, device, WorkerRig.Password, hertz) { OnCall = IncomingCall.Answer, ClaimedAddress = Inside });
}
