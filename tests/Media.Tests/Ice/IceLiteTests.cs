using System.Net;
using System.Text;
using ClickToDial.Media.Ice;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Stun;

namespace ClickToDial.Media.Tests.Ice;

/// <summary>RFC 8445, the side that answers.</summary>
public sealed class IceLiteTests
{
    private static readonly SocketName From = SocketName.From(IPAddress.Parse("192.0.2.7"), 4711);
    private readonly IceCredentials _ours = IceCredentials.Create();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_check_that_proves_itself_is_answered_with_where_it_came_from(bool nominates)
    {
        var verdict = Ask(Check(_ours, nominate: nominates), out var answer);
        Assert.Equal(nominates ? IceVerdict.Nominated : IceVerdict.Checked, verdict);
        Assert.True(StunMessage.TryRead(answer, out var response));
        Assert.Equal(StunClass.Success, response.Class);
        Assert.True(response.HasIntegrity(Encoding.ASCII.GetBytes(_ours.Password)) && response.HasFingerprint());
        Assert.True(response.TryGet(StunAttributeType.XorMappedAddress, out var mapped));
        Assert.Equal(4711, ((mapped[2] << 8) | mapped[3]) ^ 0x2112);
        Assert.Equal([192, 0, 2, 7], new[] { mapped[4] ^ 0x21, mapped[5] ^ 0x12, mapped[6] ^ 0xA4, mapped[7] ^ 0x42 });
    }

    [Fact]
    public void A_wrong_password_gets_no_answer()
    {
        var forged = Check(_ours, password: IceCredentials.Create().Password);
        Assert.Equal(IceVerdict.Ignored, Ask(forged, out var answer));
        Assert.Empty(answer);
    }

    [Fact]
    public void A_check_for_somebody_else_gets_no_answer() =>
        Assert.Equal(IceVerdict.Ignored, Ask(Check(IceCredentials.Create()), out _));

    [Fact]
    public void Without_a_fingerprint_it_is_no_check() =>
        Assert.Equal(IceVerdict.Ignored, Ask(Check(_ours, fingerprint: false), out _));

    [Fact]
    public void An_attribute_that_must_be_understood_is_named_in_the_refusal()
    {
        Assert.Equal(IceVerdict.Refused, Ask(Check(_ours, extra: (StunAttributeType)0x0033), out var answer));
        Assert.True(StunMessage.TryRead(answer, out var response) && response.Class == StunClass.Error);
        Assert.True(response.TryGet(StunAttributeType.ErrorCode, out var code));
        Assert.Equal([4, 20], code[2..].ToArray());
        Assert.True(response.TryGet(StunAttributeType.UnknownAttributes, out var unknown));
        Assert.Equal([0, 0x33], unknown.ToArray());
    }

    [Fact]
    public void A_peer_that_says_it_is_controlled_has_the_roles_wrong()
    {
        Assert.Equal(IceVerdict.Refused, Ask(Check(_ours, extra: StunAttributeType.IceControlled), out var answer));
        Assert.True(StunMessage.TryRead(answer, out var response) && response.TryGet(StunAttributeType.ErrorCode, out var code) && code[3] == 87);
    }

    [Fact]
    public void A_response_is_never_answered()
    {
        var check = Check(_ours);
        Ask(check, out var answer);
        Assert.Equal(IceVerdict.Ignored, Ask(answer, out var none));
        Assert.Empty(none);
    }

    [Fact]
    public void Credentials_have_the_lengths_that_are_asked_for()
    {
        // RFC 8445 section 5.3: at least 24 and 128 bits of randomness, in 4 and 22 characters.
        Assert.Equal(IceCredentials.FragmentLength, _ours.Fragment.Length);
        Assert.True(_ours.Password.Length >= 22);
        Assert.DoesNotContain(_ours.Password, _ours.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(_ours.Id, IceCredentials.Create().Id);
    }

    private IceVerdict Ask(ReadOnlySpan<byte> datagram, out byte[] answer)
    {
        var buffer = new byte[IceLite.MaxAnswer];
        var verdict = IceLite.Answer(datagram, From, new Keys(_ours), buffer, out var length, out var fragment);
        answer = buffer[..length];
        Assert.Equal(verdict == IceVerdict.Ignored ? 0 : _ours.Id, fragment);
        return verdict;
    }

    private static byte[] Check(
        IceCredentials to, bool nominate = false, string? password = null, bool fingerprint = true, StunAttributeType? extra = null)
    {
        var writer = new StunWriter(new byte[256], StunClass.Request, StunMessage.Binding, "transaction1"u8);
        writer.Add(StunAttributeType.UserName, Encoding.ASCII.GetBytes($"{to.Fragment}:peer"));
        writer.Add(StunAttributeType.Priority, 1u);
        if (extra == StunAttributeType.IceControlled) writer.Add(extra.Value, 1ul);
        else writer.Add(StunAttributeType.IceControlling, 1ul);
        if (extra is { } other && other != StunAttributeType.IceControlled) writer.Add(other, 1u);
        if (nominate) writer.Add(StunAttributeType.UseCandidate, []);
        writer.AddIntegrity(Encoding.ASCII.GetBytes(password ?? to.Password));
        if (fingerprint) writer.AddFingerprint();
        return writer.Written.ToArray();
    }

    private readonly struct Keys(IceCredentials only) : IIceKeys
    {
        public ReadOnlySpan<byte> KeyOf(ulong fragment) => fragment == only.Id ? only.Key : default;
    }
}
