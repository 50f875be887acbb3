using System.Buffers.Text;
using System.Text;
using ClickToDial.Core.Sessions;
using static ClickToDial.Core.Tests.Sessions.TestSession;

namespace ClickToDial.Core.Tests.Sessions;

public sealed class SessionTokenValidatorTests
{
    [Fact]
    public void WrittenToken_ReadsBackWhole()
    {
        var (verdict, claims) = Validator.Validate(SessionTokenWriter.Write(Claims, Key), Now);

        Assert.Equal(TokenVerdict.Valid, verdict);
        Assert.Equal(Claims.Destinations, claims!.Destinations);
        Assert.Equal(Claims, claims with { Destinations = Claims.Destinations });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Login_ReadsBack(bool login) =>
        Assert.Equal(login, Validator.Validate(SessionTokenWriter.Write(Claims with { Login = login }, Key), Now).Claims!.Login);

    [Fact]
    public void PreviousKey_StillVerifies() =>
        Assert.Equal(TokenVerdict.Valid, Validator.Validate(SessionTokenWriter.Write(Claims, OlderKey), Now).Verdict);

    [Fact]
    public void UnknownKey_IsRefused() =>
        Assert.Equal(TokenVerdict.UnknownKey, Validator.Validate(SessionTokenWriter.Write(Claims, SigningKey.Generate()), Now).Verdict);

    public static TheoryData<double, TokenVerdict> Times => new()
    {
        { -6, TokenVerdict.NotYetValid },
        { -5, TokenVerdict.Valid },
        { 0, TokenVerdict.Valid },
        { 304.9, TokenVerdict.Valid },
        { 305, TokenVerdict.Expired },
        { 1e8, TokenVerdict.Expired },
    };

    [Theory]
    [MemberData(nameof(Times))]
    public void Times_AreKeptWithinTheSkew(double seconds, TokenVerdict expected) =>
        Assert.Equal(expected, Validator.Validate(SessionTokenWriter.Write(Claims, Key), Now.AddSeconds(seconds)).Verdict);

    [Fact]
    public void OtherIssuerOrAudience_IsRefused()
    {
        Assert.Equal(TokenVerdict.WrongIssuer, Verdict(Claims with { Issuer = "https://issuer.test/" }));
        Assert.Equal(TokenVerdict.WrongAudience, Verdict(Claims with { Audience = "them" }));
    }

    public static TheoryData<string, TokenVerdict> Headers => new()
    {
        { """{"alg":"none","kid":"KID"}""", TokenVerdict.WrongAlgorithm },
        { """{"alg":"HS256","kid":"KID"}""", TokenVerdict.WrongAlgorithm },
        { """{"alg":"es256","kid":"KID"}""", TokenVerdict.WrongAlgorithm },
        { """{"alg":"ES256","kid":"KID","crit":["exp"]}""", TokenVerdict.WrongAlgorithm },
        { """{"kid":"KID"}""", TokenVerdict.WrongAlgorithm },
        { """{"alg":"ES256"}""", TokenVerdict.UnknownKey },
        { """{"alg":"ES256","kid":7}""", TokenVerdict.UnknownKey },
        { """{"alg":"ES256","kid":"../../key"}""", TokenVerdict.UnknownKey },
        { """{"alg":"none","alg":"ES256","kid":"KID"}""", TokenVerdict.Malformed },
        { """["ES256"]""", TokenVerdict.Malformed },
        { "", TokenVerdict.Malformed },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void OtherHeader_IsRefusedEvenWhenSigned(string header, TokenVerdict expected) =>
        Assert.Equal(expected, Validator.Validate(Signed(header.Replace("KID", Key.Id), Payload()), Now).Verdict);

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData("""{"iss":"https://issuer.test","aud":["us"],"jti":"1","sub":"101","domain":"d","calls":1,"iat":0,"nbf":0,"exp":9}""")]
    [InlineData("""{"iss":"https://issuer.test","aud":"us","jti":"1","sub":"101","domain":"d","calls":0,"iat":0,"nbf":0,"exp":9}""")]
    [InlineData("""{"iss":"https://issuer.test","aud":"us","jti":"1","sub":"101","domain":"d","calls":1,"iat":0,"nbf":0,"exp":"9"}""")]
    [InlineData("""{"iss":"https://issuer.test","aud":"us","jti":"1","sub":"101","domain":"d","calls":1,"iat":0,"nbf":0,"exp":9e30}""")]
    [InlineData("""{"iss":"https://issuer.test","aud":"us","jti":"1","sub":"101","domain":"d","calls":1,"iat":0,"nbf":0,"exp":9,"origin":1}""")]
    [InlineData("""{"iss":"https://issuer.test","aud":"us","jti":"1","sub":"101","domain":"d","calls":1,"iat":0,"nbf":0,"exp":9,"destinations":"+1"}""")]
    [InlineData("""{"iss":"https://issuer.test","aud":"us","jti":"1","sub":"101","domain":"d","calls":1,"iat":0,"nbf":0,"exp":9,"login":"true"}""")]
    [InlineData("""{"iss":"https://issuer.test","aud":"us","jti":"1","sub":"101","domain":"d","calls":1,"iat":0,"nbf":0,"exp":9,"destinations":["\ud800"]}""")]
    [InlineData("""{"iss":"https://issuer.test","aud":"us","jti":"\ud800","sub":"101","domain":"d","calls":1,"iat":0,"nbf":0,"exp":9}""")]
    public void ClaimsMissingOrOfWrongType_AreMalformed(string payload) =>
        Assert.Equal(TokenVerdict.Malformed, Validator.Validate(Signed(Header(), payload), Now).Verdict);

    [Fact]
    public void EveryTruncation_IsRefused()
    {
        var token = SessionTokenWriter.Write(Claims, Key);
        Assert.All(Enumerable.Range(0, token.Length), n => Assert.NotEqual(TokenVerdict.Valid, Validator.Validate(token[..n], Now).Verdict));
    }

    [Fact]
    public void EveryCharacterChanged_IsRefused()
    {
        var token = SessionTokenWriter.Write(Claims, Key);
        const string Replacements = "AZaz09-_.=+/ \n\0é";
        foreach (var i in Enumerable.Range(0, token.Length))
            foreach (var c in Replacements.Where(c => c != token[i]))
                Assert.NotEqual(TokenVerdict.Valid, Validator.Validate($"{token[..i]}{c}{token[(i + 1)..]}", Now).Verdict);
    }

    [Fact]
    public void RandomEdits_NeverThrowAndNeverPass()
    {
        var random = new Random(7515);
        var token = SessionTokenWriter.Write(Claims, Key);
        for (var round = 0; round < 3000; round++)
        {
            var edited = Edit(token, random);
            if (edited != token) Assert.NotEqual(TokenVerdict.Valid, Validator.Validate(edited, Now).Verdict);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("...")]
    [InlineData("a.b.c")]
    [InlineData("a.b.c.d.e")]
    public void NoToken_IsMalformed(string token) => Assert.Equal(TokenVerdict.Malformed, Validator.Validate(token, Now).Verdict);

    [Fact]
    public void HugeToken_IsRefusedUnread() =>
        Assert.Equal(TokenVerdict.TooLarge, Validator.Validate(new string('a', SessionTokenValidator.MaxLength + 1), Now).Verdict);

    [Fact]
    public void LargestToken_Fits()
    {
        var claims = Claims with
        {
            Domain = new string('d', 253),
            User = new string('u', 64),
            Origin = "https://" + new string('o', 240),
            Destinations = [.. Enumerable.Repeat(new string('9', 64), SessionRequest.MaxDestinations)],
        };
        Assert.Equal(TokenVerdict.Valid, Verdict(claims));
    }

    private static TokenVerdict Verdict(SessionClaims claims) => Validator.Validate(SessionTokenWriter.Write(claims, Key), Now).Verdict;

    private static string Header() => $$"""{"alg":"ES256","kid":"{{Key.Id}}"}""";

    private static string Payload() =>
        Encoding.UTF8.GetString(Base64Url.DecodeFromChars(SessionTokenWriter.Write(Claims, Key).Split('.')[1]));

    private static string Signed(string header, string payload)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
        return $"{signed}.{Base64Url.EncodeToString(Key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Edit(string token, Random random)
    {
        var text = new StringBuilder(token);
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(4))
            {
                case 0: text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at)); break;
                case 1: text.Insert(at, (char)random.Next(1, 0x3000)); break;
                case 2: text[at] = (char)random.Next(1, 128); break;
                default: text.Insert(at, text.ToString(at, Math.Min(20, text.Length - at))); break;
            }

            if (text.Length == 0) text.Append('.');
        }

        return text.ToString();
    }
}
