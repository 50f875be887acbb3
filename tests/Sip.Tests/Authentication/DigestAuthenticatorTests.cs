using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.TestKit.Time;

namespace ClickToDial.Sip.Tests.Authentication;

public sealed class DigestAuthenticatorTests
{
    private const string Realm = "example.com";

    private readonly ManualTimeProvider _time = new();
    private readonly DigestSecret _secret = DigestSecret.FromPassword("alice", Realm, "wonder");
    private readonly DigestAuthenticator _server;

    public DigestAuthenticatorTests() => _server = New(new DigestOptions());

    [Theory]
    [InlineData(DigestAlgorithm.Md5)]
    [InlineData(DigestAlgorithm.Sha256)]
    public void Right_credentials_are_accepted_once(DigestAlgorithm algorithm)
    {
        var server = New(new DigestOptions { Algorithms = [algorithm] });
        var request = Authorized(Challenge(server), Client());

        Assert.Equal(new DigestVerdict(DigestOutcome.Accepted, "alice"), Verify(server, request));
        Assert.Equal(DigestOutcome.Stale, Verify(server, request).Outcome);
    }

    [Fact]
    public void Sha_256_is_offered_first_and_taken()
    {
        var challenge = Challenge(_server);
        Assert.Equal(2, challenge.Headers.CountOf(HeaderName.WwwAuthenticate));
        Assert.Contains("SHA-256", challenge.Headers.GetAll(HeaderName.WwwAuthenticate)[0], StringComparison.Ordinal);
        Assert.Contains("SHA-256", Authorized(challenge, Client()).Headers.Get(HeaderName.Authorization), StringComparison.Ordinal);
    }

    [Fact]
    public void A_nonce_serves_many_requests_with_rising_counts_in_any_order()
    {
        var client = Client();
        var challenge = Challenge(_server);
        var requests = Enumerable.Range(0, 5).Select(_ => Authorized(challenge, client)).ToList();

        foreach (var i in new[] { 2, 0, 4, 1, 3 }) Assert.True(Verify(_server, requests[i]).IsAccepted);
        foreach (var request in requests) Assert.Equal(DigestOutcome.Stale, Verify(_server, request).Outcome);
    }

    [Fact]
    public void A_nonce_proves_the_address_it_was_given_to_and_no_other()
    {
        var (home, away) = (System.Net.IPAddress.Parse("192.0.2.1"), System.Net.IPAddress.Parse("192.0.2.2"));
        var challenge = new SipResponse(401);
        _server.Challenge(challenge, Realm, peer: home);
        var right = Authorized(challenge, Client());
        var wrong = Authorized(challenge, new DigestClient("alice", "guess", new RandomTokens()));

        Assert.Equal(DigestOutcome.Stale, _server.Verify(right, Realm, false, _ => _secret, away).Outcome);
        Assert.Equal(DigestOutcome.Unproven, _server.Verify(wrong, Realm, false, _ => _secret, away).Outcome);
        Assert.Equal(DigestOutcome.Wrong, _server.Verify(wrong, Realm, false, _ => _secret, home).Outcome);
        Assert.Equal(DigestOutcome.Accepted, _server.Verify(right, Realm, false, _ => _secret, home).Outcome);
    }

    [Fact]
    public void An_old_nonce_is_stale_and_stale_leads_to_success()
    {
        var client = Client();
        var request = Authorized(Challenge(_server), client);
        _time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        Assert.Equal(DigestOutcome.Stale, Verify(_server, request).Outcome);

        var again = Challenge(_server, stale: true);
        Assert.Contains("stale=true", again.Headers.Get(HeaderName.WwwAuthenticate), StringComparison.Ordinal);
        Assert.True(client.TryAuthorize(request, again));

        Assert.True(Verify(_server, request).IsAccepted);
    }

    [Fact]
    public void A_nonce_of_another_process_or_realm_is_stale()
    {
        var other = New(new DigestOptions(), keyByte: 9);
        Assert.Equal(DigestOutcome.Stale, Verify(_server, Authorized(Challenge(other), Client())).Outcome);
    }

    [Fact]
    public void Wrong_password_unknown_account_and_changed_method_or_target_are_wrong()
    {
        var challenge = Challenge(_server);
        Assert.Equal(DigestOutcome.Wrong, Verify(_server, Authorized(challenge, new DigestClient("alice", "guess", new RandomTokens()))).Outcome);
        Assert.Equal(DigestOutcome.Wrong, Verify(_server, Authorized(challenge, new DigestClient("mallory", "wonder", new RandomTokens()))).Outcome);

        var stolen = Authorized(challenge, Client());
        var other = new SipRequest(SipMethod.Invite, stolen.Uri, stolen.Headers.Clone());
        Assert.Equal(DigestOutcome.Wrong, Verify(_server, other).Outcome);

        var call = new SipRequest(SipMethod.Invite, SipUri.Parse("sip:bob@example.com"));
        Assert.True(Client().TryAuthorize(call, challenge));
        var elsewhere = new SipRequest(SipMethod.Invite, SipUri.Parse("sip:premium@example.com"), call.Headers.Clone());
        Assert.Equal(DigestOutcome.Wrong, Verify(_server, elsewhere).Outcome);
        Assert.True(Verify(_server, call).IsAccepted);
    }

    [Fact]
    public void A_REGISTER_may_name_the_registrar_in_another_way_in_its_digest()
    {
        var authorized = Authorized(Challenge(_server), Client());
        var byAddress = new SipRequest(SipMethod.Register, SipUri.Parse("sip:192.0.2.1"), authorized.Headers.Clone());
        Assert.True(Verify(_server, byAddress).IsAccepted);
    }

    [Theory]
    [InlineData("Digest username=\"alice\"")]
    [InlineData("Digest realm=\"example.com\", username=\"alice\", username=\"bob\"")]
    [InlineData("Digest realm=\"example.com\", username=\"alice\", nonce=\"x\", uri=\"sip:example.com\", response=\"y\", qop=auth")]
    [InlineData("Digest realm=\"example.com\", username=\"alice\", nonce=\"x\", uri=\"sip:example.com\", response=\"y\", qop=auth-int, nc=00000001, cnonce=\"c\"")]
    [InlineData("Digest realm=\"example.com\", username=\"alice\", nonce=\"x\", uri=\"sip:example.com\", response=\"y\", algorithm=SHA-512-256")]
    [InlineData("Basic dXNlcjpwYXNz")]
    public void Unusable_credentials_are_never_accepted(string credentials)
    {
        var request = Register();
        request.Headers.Add(HeaderName.Authorization, credentials);

        Assert.Contains(Verify(_server, request).Outcome, new[] { DigestOutcome.Malformed, DigestOutcome.Missing, DigestOutcome.UnknownQuality });
    }

    [Fact]
    public void Without_qop_a_nonce_is_good_for_one_request()
    {
        var nonce = AuthHeader.TryParse(Challenge(_server).Headers.GetAll(HeaderName.WwwAuthenticate)[1], out var challenge) ? challenge["nonce"]! : "";
        var request = Register();
        var response = DigestHash.Response(DigestAlgorithm.Md5, _secret.Ha1Md5, "REGISTER", "sip:example.com", new DigestInput(nonce, null, null, null));
        request.Headers.Add(HeaderName.Authorization,
            $"Digest username=\"alice\", realm=\"{Realm}\", nonce=\"{nonce}\", uri=\"sip:example.com\", response=\"{response}\"");

        Assert.True(Verify(_server, request).IsAccepted);
        Assert.Equal(DigestOutcome.Stale, Verify(_server, request).Outcome);
    }

    [Fact]
    public void A_full_table_never_lets_a_replay_through()
    {
        var server = New(new DigestOptions { MaxNonces = 4 });
        var first = Authorized(Challenge(server), Client());
        Assert.True(Verify(server, first).IsAccepted);
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(Verify(server, Authorized(Challenge(server), Client())).IsAccepted);
        }

        Assert.Equal(DigestOutcome.Stale, Verify(server, first).Outcome);
    }

    [Fact]
    public void The_client_gives_up_when_its_password_is_refused()
    {
        var client = Client();
        var request = Authorized(Challenge(_server), client);

        Assert.False(client.TryAuthorize(request, Challenge(_server)));
        Assert.True(client.TryAuthorize(request, Challenge(_server, stale: true)));
    }

    [Fact]
    public void A_secret_prints_stars() => Assert.Equal("***", _secret.ToString());

    private DigestVerdict Verify(DigestAuthenticator server, SipRequest request) =>
        server.Verify(request, Realm, proxy: false, name => name == "alice" ? _secret : null);

    private DigestAuthenticator New(DigestOptions options, byte keyByte = 7) =>
        new(options, _time, Enumerable.Repeat(keyByte, 32).ToArray());

    private static DigestClient Client() => new("alice", "wonder", new RandomTokens());

    private static SipResponse Challenge(DigestAuthenticator server, bool stale = false)
    {
        var response = new SipResponse(401);
        server.Challenge(response, Realm, stale);
        return response;
    }

    private static SipRequest Register() => new(SipMethod.Register, SipUri.Parse("sip:example.com"));

    private static SipRequest Authorized(SipResponse challenge, DigestClient client)
    {
        var request = Register();
        Assert.True(client.TryAuthorize(request, challenge));
        return request;
    }
}
