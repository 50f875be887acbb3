using System.Security.Cryptography;
using ClickToDial.Media.Srtp;

namespace ClickToDial.Media.Tests.Srtp;

public sealed class SdesNegotiationTests
{
    private static readonly SrtpProfile[] OnlyTag80 = [SrtpProfile.AesCm128HmacSha1Tag80];

    [Fact]
    public void Both_sides_end_up_with_each_others_keys_and_can_talk()
    {
        Assert.SkipUnless(SrtpLibrary.IsAvailable, SrtpLibrary.Problem ?? "");
        using var offer = new SdesOffer(SrtpProfiles.Preferred, RandomNumberGenerator.Fill);
        using var answerer = SdesAnswer.Choose(Lines(offer), SrtpProfiles.Preferred, RandomNumberGenerator.Fill)!;
        using var offerer = offer.Accept([SdesCryptoTests.Written(answerer.Local)])!;
        Assert.Equal(SrtpProfile.AeadAes128Gcm, offerer.Profile);
        AssertOpens(offerer.OpenSender(), answerer.OpenReceiver());
        AssertOpens(answerer.OpenSender(), offerer.OpenReceiver());
    }

    [Fact]
    public void The_answer_takes_the_first_supported_line_and_keeps_its_tag()
    {
        using var offer = new SdesOffer(SrtpProfiles.Preferred, RandomNumberGenerator.Fill);
        using var agreement = SdesAnswer.Choose(["9 UNKNOWN_SUITE inline:AAAA", .. Lines(offer)], OnlyTag80, RandomNumberGenerator.Fill)!;
        Assert.Equal((2, SrtpProfile.AesCm128HmacSha1Tag80), (agreement.Local.Tag, agreement.Profile));
        Assert.NotEqual(agreement.Remote.Key.KeyAndSalt.ToArray(), agreement.Local.Key.KeyAndSalt.ToArray());
    }

    [Fact]
    public void Renewed_keying_offers_new_keys_until_a_line_holds()
    {
        using var keying = new SdesKeying(OnlyTag80, RandomNumberGenerator.Fill);
        using var peer = new SdesKeying(OnlyTag80, RandomNumberGenerator.Fill);
        var first = keying.Offer();
        Assert.Equal(first, keying.Offer());
        keying.Renew();
        var second = keying.Offer();
        Assert.NotEqual(first, second);
        Assert.True(keying.Accept([peer.Answer(second)!]));
        keying.Renew();
        Assert.Equal(second, keying.Offer());
    }

    [Fact]
    public void An_offer_without_a_supported_line_gets_no_answer()
    {
        using var offer = new SdesOffer([SrtpProfile.AeadAes128Gcm], RandomNumberGenerator.Fill);
        Assert.Null(SdesAnswer.Choose(Lines(offer), OnlyTag80, RandomNumberGenerator.Fill));
        Assert.Null(SdesAnswer.Choose([], OnlyTag80, RandomNumberGenerator.Fill));
    }

    [Fact]
    public void Several_branches_may_answer_one_offer()
    {
        using var offer = new SdesOffer(OnlyTag80, RandomNumberGenerator.Fill);
        using var first = SdesAnswer.Choose(Lines(offer), OnlyTag80, RandomNumberGenerator.Fill)!;
        using var second = SdesAnswer.Choose(Lines(offer), OnlyTag80, RandomNumberGenerator.Fill)!;
        offer.Accept([SdesCryptoTests.Written(first.Local)])!.Dispose();
        using var agreement = offer.Accept([SdesCryptoTests.Written(second.Local)])!;
        Assert.Equal(offer.Lines[0].Key.KeyAndSalt.ToArray(), agreement.Local.Key.KeyAndSalt.ToArray());
    }

    [Fact]
    public void Answers_that_are_none_are_refused()
    {
        using var offer = new SdesOffer([SrtpProfile.AesCm128HmacSha1Tag80, SrtpProfile.AesCm128HmacSha1Tag32], RandomNumberGenerator.Fill);
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(30));
        Assert.Null(offer.Accept([]));
        Assert.Null(offer.Accept(["garbage"]));
        Assert.Null(offer.Accept([$"3 AES_CM_128_HMAC_SHA1_80 inline:{key}"])); // a tag never offered
        Assert.Null(offer.Accept([$"2 AES_CM_128_HMAC_SHA1_80 inline:{key}"])); // the tag of another suite
        Assert.Null(offer.Accept([$"1 AES_CM_128_HMAC_SHA1_80 inline:{key}", $"2 AES_CM_128_HMAC_SHA1_32 inline:{key}"]));
        Assert.Null(offer.Accept([SdesCryptoTests.Written(offer.Lines[0])])); // our own key handed back
        using var good = offer.Accept([$"1 AES_CM_128_HMAC_SHA1_80 inline:{key}"]);
        Assert.NotNull(good);
    }

    [Fact]
    public void Every_line_of_an_offer_has_a_key_of_its_own()
    {
        var seed = 0;
        using var offer = new SdesOffer(SrtpProfiles.Preferred, octets => octets.Fill((byte)++seed));
        Assert.Equal([1, 2, 3], offer.Lines.Select(line => line.Tag));
        Assert.Equal([1, 2, 3], offer.Lines.Select(line => (int)line.Key.KeyAndSalt[0]));
    }

    private static string[] Lines(SdesOffer offer) => [.. offer.Lines.Select(SdesCryptoTests.Written)];

    private static void AssertOpens(SrtpSession sender, SrtpSession receiver)
    {
        using var from = sender;
        using var to = receiver;
        var buffer = new byte[128];
        buffer[0] = 0x80;
        Assert.Equal(SrtpVerdict.Accepted, from.ProtectRtp(buffer, 52, out var length));
        Assert.Equal(SrtpVerdict.Accepted, to.UnprotectRtp(buffer.AsSpan(0, length), out var plain));
        Assert.Equal(52, plain);
    }
}
