using System.Text;
using ClickToDial.Calls.RemoteControl;

namespace ClickToDial.Calls.Tests.RemoteControl;

/// <summary>V6: frames of pages, as old and new ones write them.</summary>
public sealed class RemoteFrameReaderTests
{
    public static TheoryData<string, string> Frames => new()
    {
        { """{"action":"wskeepalive"}""", "KeepAlive { }" },
        { """{"action":"avoid-disconnect"}""", "KeepAlive { }" },
        { """{"action":"get-calls"}""", "GetCalls { }" },
        { """{"action":"get-users"}""", "GetUsers { }" },
        { """{"action":"own-calls","subscribe":true}""", "OwnCalls { Subscribe = True }" },
        { """{"action":"domain-calls","subscribe":"false"}""", "DomainCalls { Subscribe = False }" },
        { """{"action":"make-call","to":"+1 (202) 555-0100"}""", "MakeCall { To = +1 (202) 555-0100 }" },
        { """{"action":"make-call","to":102}""", "MakeCall { To = 102 }" },
        { """{"action":"accept-call","id":"a"}""", "Accept { Id = a }" },
        { """{"action":"hold-call","id":"a"}""", "Hold { Id = a }" },
        { """{"action":"clear-call","id":"7","connected":"true"}""", "Clear { Id = 7 }" },
        { """{"action":"clear-call","id":7}""", "Clear { Id = 7 }" },
        { """{"action":"mute","callid":"a","muted":"true"}""", "Mute { Id = a, On = True }" },
        { """{"action":"blind-transfer","id":"a","from":"x","to":"103"}""", "BlindTransfer { Id = a, To = 103 }" },
        { """{"action":"blind-transfer2","id":"a","to":"103"}""", "BlindTransfer { Id = a, To = 103 }" },
        { """{"action":"att-transfer","id":"a","from":"x","id2":"b","to":"y"}""", "AttendedTransfer { Id = a, Other = b }" },
        { """{"action":"rec-call","id":"a","startstop":"on"}""", "Record { Id = a, On = True }" },
        { """{"action":"rec-call","id":"a","startstop":"off"}""", "Record { Id = a, On = False }" },
        { """{"action":"session","value":"a.b.c"}""", "Renew" },
        { """{"action":"chat","src":"1","dest":"2","message":"m"}""", "Unknown { Action = chat }" },
        { """{"action":"sdp-packet","to":"1","sdp":"v=0"}""", "Unknown { Action = sdp-packet }" },
        { """{"action":"make-call","to":"1","sdp":"v=0"}""", "Unknown { Action = make-call }" },
        { """{"action":"<b>","sdp":"v=0"}""", "Unknown { Action = sdp }" },
        { """{"bye":"true","callid":"a"}""", "Unknown { Action = bye }" },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public void Frame_is_read(string json, string expected) => Assert.Equal(expected, Read(json)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"action":7.5e1}{}""")]
    [InlineData("""{"action":{}}""")]
    [InlineData("""{"action":""}""")]
    [InlineData("""{"action":"a b"}""")]
    [InlineData("""{"action":"\ud800"}""")]
    [InlineData("""{"action":"get-calls","action":"make-call"}""")]
    [InlineData("""{"action":"make-call"}""")]
    [InlineData("""{"action":"make-call","to":[]}""")]
    [InlineData("""{"action":"clear-call"}""")]
    [InlineData("""{"action":"rec-call","id":"a"}""")]
    [InlineData("""{"action":"rec-call","id":"a","startstop":"maybe"}""")]
    [InlineData("""{"action":"att-transfer","id":"a"}""")]
    [InlineData("""{"action":"x","a":{"b":{"c":{"d":{}}}}}""")]
    public void What_is_no_frame_is_refused(string json) => Assert.Null(Read(json));

    [Fact]
    public void Long_texts_are_refused() => Assert.Null(Read($$"""{"action":"make-call","to":"{{new string('1', 129)}}"}"""));

    private static RemoteFrame? Read(string json) => RemoteFrameReader.TryRead(Encoding.UTF8.GetBytes(json));
}
