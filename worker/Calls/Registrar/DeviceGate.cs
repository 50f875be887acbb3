using System.Net;
using ClickToDial.Calls.Directory;
using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Registrar;

/// <summary>
/// Lets devices of the directory in by digest and answers everybody else: 503 while the directory is not known, 404 for a
/// foreign domain, a challenge for those without credentials or with wrong ones.
/// </summary>
internal sealed class DeviceGate(IDirectory directory, DigestAuthenticator digest, LoginGuard guard, ILogger<DeviceGate> logger)
{
    private const int RetryAfterSeconds = 5;

    public static void Unavailable(ServerTransaction transaction)
    {
        var response = transaction.CreateResponse(503);
        response.Headers.Add(HeaderName.RetryAfter, RetryAfterSeconds.ToString());
        transaction.Respond(response);
    }

    /// <summary>The challenge to a device of ours that shows no credentials; null for everybody else.</summary>
    public SipResponse? Challenge(StatelessRequest request, string host, bool proxy)
    {
        var headers = request.Request.Headers;
        if (headers.Contains(HeaderName.Authorization) || headers.Contains(HeaderName.ProxyAuthorization)) return null;
        if (directory.Current is not { } known || !known.HasDomain(host)) return null;
        var challenge = request.CreateResponse(proxy ? 407 : 401);
        digest.Challenge(challenge, host.ToLowerInvariant(), peer: request.Flow.Remote.Address);
        return challenge;
    }

    /// <summary>Whose device sends the request; null when it was answered already.</summary>
    /// <param name="proxy">Challenge by 407, as for requests to somebody else, and not by 401.</param>
    public DeviceOwner? Admit(ServerTransaction transaction, string host, bool proxy)
    {
        if (directory.Current is not { } known)
        {
            Unavailable(transaction);
            return null;
        }
        if (!known.HasDomain(host))
        {
            transaction.Respond(404);
            return null;
        }
        var realm = host.ToLowerInvariant();
        var source = transaction.Flow.Remote.Address;
        var verdict = digest.Verify(transaction.Request, realm, proxy, name => SecretOf(known.FindDevice(realm, name)), source);
        if (!MayTry(verdict, source, $"{verdict.UserName}@{realm}"))
        {
            RegistrarMetrics.RefusedShut.Add(1);
            transaction.Respond(403, "Too Many Attempts");
            return null;
        }
        if (verdict.IsAccepted) return known.FindDevice(realm, verdict.UserName!);
        Refuse(transaction, realm, proxy, verdict.Outcome);
        return null;
    }

    /// <summary>Lets right passwords of devices that were registered before a restart pass a shut door after it, too.</summary>
    public void Remember(Binding binding) => guard.Succeeded(binding.Flow.Remote.Address, $"{binding.Device}@{binding.Domain}");

    private bool MayTry(DigestVerdict verdict, IPAddress source, string account)
    {
        if (verdict.UserName is null) return true;
        // Stale is the right password with an old nonce: most phones come so, and one that is refused then never tries again.
        var proved = verdict.Outcome is DigestOutcome.Accepted or DigestOutcome.Stale;
        var shut = guard.IsShut(source, account) && !(proved && guard.IsKnown(source, account));
        if (verdict.IsAccepted && !shut) guard.Succeeded(source, account);
        if (verdict.Outcome != DigestOutcome.Wrong) return !shut;
        RegistrarMetrics.WrongPasswords.Add(1);
        if (shut || guard.Failed(source, account) is not (not LoginScope.None and var scope)) return !shut;
        RegistrarMetrics.Lockouts.Add(1, new KeyValuePair<string, object?>("scope", scope.ToString()));
        RegistrarLog.Shut(logger, source, scope);
        return true;
    }

    private static DigestSecret? SecretOf(DeviceOwner? owner) =>
        owner is null ? null : new DigestSecret(owner.Device.Ha1Md5, owner.Device.Ha1Sha256);

    private void Refuse(ServerTransaction transaction, string realm, bool proxy, DigestOutcome outcome)
    {
        if (outcome is DigestOutcome.Malformed or DigestOutcome.UnknownQuality)
        {
            transaction.Respond(400, outcome == DigestOutcome.Malformed ? null : "Quality Of Protection Must Be auth");
            return;
        }
        // Wrong credentials are challenged anew, without "stale": that says that they, not the nonce, were wrong.
        var challenge = transaction.CreateResponse(proxy ? 407 : 401);
        digest.Challenge(challenge, realm, stale: outcome == DigestOutcome.Stale, transaction.Flow.Remote.Address);
        transaction.Respond(challenge);
    }
}
