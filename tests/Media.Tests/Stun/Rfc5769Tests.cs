using System.Net;
using System.Text;
using ClickToDial.Media.Stun;

namespace ClickToDial.Media.Tests.Stun;

/// <summary>The test vectors of RFC 5769, sections 2.1 to 2.3.</summary>
public sealed class Rfc5769Tests
{
    private const string Password = "VOkJxbRl1RmTxUk/WvJxBt";

    private const string Request = """
        00010058 2112a442 b7e7a701 bc34d686 fa87dfae
        80220010 5354554e 20746573 7420636c 69656e74
        00240004 6e0001ff
        80290008 932ff9b1 51263b36
        00060009 6576746a 3a683676 59202020
        00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2
        80280004 e57a3bcf
        """;

    private const string ResponseV4 = """
        0101003c 2112a442 b7e7a701 bc34d686 fa87dfae
        8022000b 74657374 20766563 746f7220
        00200008 0001a147 e112a643
        00080014 2b91f599 fd9e90c3 8c7489f9 2af9ba53 f06be7d7
        80280004 c07d4c96
        """;

    private const string ResponseV6 = """
        01010048 2112a442 b7e7a701 bc34d686 fa87dfae
        8022000b 74657374 20766563 746f7220
        00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9
        00080014 a382954e 4be67bf1 1784c97c 8292c275 bfe3ed41
        80280004 c8fb0b4c
        """;

    public static TheoryData<string, StunClass> All => new() { { Request, StunClass.Request }, { ResponseV4, StunClass.Success }, { ResponseV6, StunClass.Success } };

    [Theory]
    [MemberData(nameof(All))]
    public void Integrity_and_fingerprint_of_the_vectors_hold(string text, StunClass kind)
    {
        var octets = Octets(text);
        Assert.True(StunMessage.TryRead(octets, out var message));
        Assert.Equal(kind, message.Class);
        Assert.Equal(StunMessage.Binding, message.Method);
        Assert.True(message.HasIntegrity(Encoding.ASCII.GetBytes(Password)));
        Assert.True(message.HasFingerprint());
        Assert.Null(message.FirstUnknown());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Any_changed_bit_before_the_integrity_breaks_it(string text, StunClass kind)
    {
        var octets = Octets(text);
        var last = octets.Length - 32; // behind it stand MESSAGE-INTEGRITY and FINGERPRINT
        Assert.NotEqual(StunClass.Error, kind);
        for (var i = 8; i < last; i++)
        {
            octets[i] ^= 1;
            Assert.False(StunMessage.TryRead(octets, out var message) && message.HasIntegrity(Encoding.ASCII.GetBytes(Password)), $"octet {i}");
            octets[i] ^= 1;
        }
    }

    [Fact]
    public void Another_password_does_not_fit()
    {
        Assert.True(StunMessage.TryRead(Octets(Request), out var message));
        Assert.False(message.HasIntegrity("VOkJxbRl1RmTxUk/WvJxBu"u8));
    }

    [Fact]
    public void The_request_says_who_and_how()
    {
        Assert.True(StunMessage.TryRead(Octets(Request), out var message));
        Assert.True(message.TryGet(StunAttributeType.UserName, out var user));
        Assert.Equal("evtj:h6vY", Encoding.ASCII.GetString(user));
        Assert.True(message.TryGet(StunAttributeType.Priority, out var priority));
        Assert.Equal("6E0001FF", Convert.ToHexString(priority));
        Assert.True(message.Has(StunAttributeType.IceControlled));
        Assert.False(message.Has(StunAttributeType.UseCandidate));
    }

    [Theory]
    [InlineData(ResponseV4, "192.0.2.1")]
    [InlineData(ResponseV6, "2001:db8:1234:5678:11:2233:4455:6677")]
    public void An_address_is_written_as_in_the_vectors(string text, string address)
    {
        Assert.True(StunMessage.TryRead(Octets(text), out var vector));
        Assert.True(vector.TryGet(StunAttributeType.XorMappedAddress, out var expected));
        var writer = new StunWriter(new byte[128], StunClass.Success, StunMessage.Binding, vector.TransactionId);
        writer.AddXorMappedAddress(IPAddress.Parse(address).GetAddressBytes(), 32853);
        Assert.True(StunMessage.TryRead(writer.Written, out var own));
        Assert.True(own.TryGet(StunAttributeType.XorMappedAddress, out var written));
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(written));
    }

    internal static byte[] Octets(string text) => Convert.FromHexString(string.Concat(text.Where(char.IsAsciiHexDigit)));
}
