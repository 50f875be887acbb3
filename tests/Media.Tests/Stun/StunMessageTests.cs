using System.Buffers.Binary;
using ClickToDial.Media.Stun;

namespace ClickToDial.Media.Tests.Stun;

public sealed class StunMessageTests
{
    private static readonly byte[] Id = [.. Enumerable.Range(1, 12).Select(i => (byte)i)];

    [Theory]
    [InlineData(StunClass.Request)]
    [InlineData(StunClass.Indication)]
    [InlineData(StunClass.Success)]
    [InlineData(StunClass.Error)]
    public void What_is_written_is_read(StunClass kind)
    {
        var writer = new StunWriter(new byte[256], kind, 0xABC, Id);
        writer.Add(StunAttributeType.UserName, "abc"u8);
        writer.Add(StunAttributeType.Priority, 7u);
        writer.AddIntegrity("key"u8);
        writer.AddFingerprint();
        Assert.True(StunMessage.TryRead(writer.Written, out var message));
        Assert.Equal((kind, 0xABC), (message.Class, message.Method));
        Assert.Equal(Id, message.TransactionId.ToArray());
        Assert.True(message.TryGet(StunAttributeType.UserName, out var name) && name.SequenceEqual("abc"u8));
        Assert.True(message.HasIntegrity("key"u8) && message.HasFingerprint());
    }

    [Fact]
    public void What_stands_behind_the_integrity_is_not_believed()
    {
        var writer = new StunWriter(new byte[256], StunClass.Request, StunMessage.Binding, Id);
        writer.AddIntegrity("key"u8);
        writer.Add(StunAttributeType.UseCandidate, []);
        writer.AddFingerprint();
        Assert.True(StunMessage.TryRead(writer.Written, out var message));
        Assert.True(message.HasIntegrity("key"u8) && message.HasFingerprint());
        Assert.False(message.Has(StunAttributeType.UseCandidate));
    }

    [Fact]
    public void A_fingerprint_that_is_not_last_counts_for_nothing()
    {
        var writer = new StunWriter(new byte[256], StunClass.Request, StunMessage.Binding, Id);
        writer.AddFingerprint();
        writer.Add(StunAttributeType.Priority, 1u);
        Assert.True(StunMessage.TryRead(writer.Written, out var message));
        Assert.False(message.HasFingerprint());
    }

    [Fact]
    public void What_must_be_understood_and_is_not_is_named()
    {
        var writer = new StunWriter(new byte[256], StunClass.Request, StunMessage.Binding, Id);
        writer.Add((StunAttributeType)0x8123, 1u); // may be passed over
        writer.Add((StunAttributeType)0x0033, 1u);
        Assert.True(StunMessage.TryRead(writer.Written, out var message));
        Assert.Equal(0x33, message.FirstUnknown());
    }

    [Fact]
    public void Every_cut_and_every_wrong_length_is_refused()
    {
        var octets = Rfc5769Tests.Octets("00010058 2112a442 b7e7a701 bc34d686 fa87dfae 80220010 5354554e 20746573 7420636c 69656e74");
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(2), (ushort)(octets.Length - 20));
        Assert.True(StunMessage.TryRead(octets, out _));
        for (var length = 0; length < octets.Length; length++) Assert.False(StunMessage.TryRead(octets.AsSpan(0, length), out _));
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(22), 17); // the attribute would end behind the message
        Assert.False(StunMessage.TryRead(octets, out _));
    }

    [Fact]
    public void Without_the_magic_cookie_it_is_no_stun()
    {
        var writer = new StunWriter(new byte[64], StunClass.Request, StunMessage.Binding, Id);
        writer.Written[4] ^= 1;
        Assert.False(StunMessage.TryRead(writer.Written, out _));
    }
}
