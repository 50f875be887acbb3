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
        digest.Challenge(challenge, host.ToLowerInvariant());
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
        var verdict = digest.Verify(transaction.Request, realm, proxy, name => SecretOf(known.FindDevice(realm, name)));
        var source = transaction.Flow.Remote.Address;
        if (verdict.UserName is { } account && guard.IsShut(source, account))
        {
            transaction.Respond(403, "Too Many Attempts");
            return null;
        }
        if (verdict.IsAccepted)
        {
            guard.Succeeded(source, verdict.UserName!);
            return known.FindDevice(realm, verdict.UserName!);
        }
        if (verdict is { Outcome: DigestOutcome.Wrong, UserName: { } wrong } && guard.Failed(source, wrong) == LoginGuard.Free)
            RegistrarLog.AccountShut(logger, source, LoginGuard.Free);
        Refuse(transaction, realm, proxy, verdict.Outcome);
        return null;
    }

    private static DigestSecret? SecretOf(DeviceOwner? owner) =>
        owner is null ? null : new DigestSecret(owner.Device.Ha1Md5, owner.Device.Ha1Sha256);

    private void Refuse(ServerTransaction transaction, string realm, bool proxy, DigestOutcome outcome)
    {
        if (outcome == DigestOutcome.Malformed)
        {
            transaction.Respond(400);
            return;
        }
        // Wrong credentials are challenged anew, without "stale": that says that they, not the nonce, were wrong.
        var challenge = transaction.CreateResponse(proxy ? 407 : 401);
        digest.Challenge(challenge, realm, stale: outcome == DigestOutcome.Stale);
        transaction.Respond(challenge);
    }
}
