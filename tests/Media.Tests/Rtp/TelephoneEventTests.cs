using ClickToDial.Media.Rtp;

namespace ClickToDial.Media.Tests.Rtp;

/// <summary>RFC 4733: one key press is told once, whatever happens to its packets.</summary>
public sealed class TelephoneEventTests
{
    private TelephoneEventReceiver _receiver;

    public static TheoryData<string, int[]> Fates => new()
    {
        { "all arrive", [0, 1, 2, 3, 4, 5, 6] },
        { "only the first", [0] },
        { "only one in the middle", [3] },
        { "only a repeated end", [6] },
        { "reversed", [6, 5, 4, 3, 2, 1, 0] },
        { "duplicated", [0, 0, 3, 3, 6, 6, 0] },
    };

    [Theory, MemberData(nameof(Fates))]
    public void Press_is_told_once(string fate, int[] arriving)
    {
        var told = string.Concat(arriving.Select(i => Take('1', 1000, Press[i])));
        Assert.True(told == "1", $"{fate}: told '{told}'");
    }

    [Fact]
    public void Same_key_twice_is_told_twice_even_when_ends_are_lost()
    {
        Assert.Equal("55", Take('5', 1000, Press[0]) + Take('5', 1000, Press[1]) + Take('5', 3000, Press[0]) + Take('5', 3000, Press[2]));
    }

    [Fact]
    public void Straggler_of_an_earlier_press_is_not_told_again()
    {
        Assert.Equal("12", Take('1', 1000, Press[0]) + Take('2', 3000, Press[0]) + Take('1', 1000, Press[6]) + Take('2', 3000, Press[6]));
    }

    [Fact]
    public void Press_across_the_timestamp_wrap_is_told()
    {
        Assert.Equal("12", Take('1', uint.MaxValue - 100, Press[0]) + Take('2', 1500, Press[0]));
    }

    // RFC 4733 section 2.5.1.3.
    [Fact]
    public void Press_longer_than_the_duration_field_is_one_press()
    {
        var told = Take('9', 1000, (ushort.MaxValue, false)) + Take('9', 1000 + ushort.MaxValue, (160, false)) + Take('9', 1000 + ushort.MaxValue, (320, true));
        Assert.Equal("9", told);
    }

    [Fact]
    public void New_source_starts_anew() => Assert.Equal("11", Take('1', 1000, Press[0]) + Take('1', 500, Press[0], ssrc: 2));

    [Fact]
    public void Events_that_are_no_keys_and_short_payloads_are_silent()
    {
        Assert.False(_receiver.Accept(Header(1, 1), [16, 0, 0, 0], out _)); // hook flash
        Assert.False(_receiver.Accept(Header(9, 1), [1, 0, 0], out _));
    }

    [Theory]
    [InlineData("0123456789*#ABCD")]
    public void Keys_and_codes_agree(string keys)
    {
        for (byte code = 0; code < keys.Length; code++)
        {
            Assert.Equal(keys[code], TelephoneEvent.ToDigit(code));
            Assert.Equal(code, TelephoneEvent.FromDigit(char.ToLowerInvariant(keys[code])));
        }
        Assert.Null(TelephoneEvent.ToDigit(16));
        Assert.Null(TelephoneEvent.FromDigit('x'));
    }

    private static (ushort Duration, bool End)[] Press { get; } = [(160, false), (320, false), (480, false), (640, false), (800, true), (800, true), (800, true)];

    private string Take(char key, uint timestamp, (ushort Duration, bool End) packet, uint ssrc = 1)
    {
        var payload = new byte[TelephoneEvent.Length];
        new TelephoneEvent(TelephoneEvent.FromDigit(key)!.Value, packet.End, 10, packet.Duration).Write(payload);
        return _receiver.Accept(Header(timestamp, ssrc), payload, out var digit) ? digit.ToString() : "";
    }

    private static RtpHeader Header(uint timestamp, uint ssrc) => new(101, false, 0, timestamp, ssrc, 12, 4);
}
