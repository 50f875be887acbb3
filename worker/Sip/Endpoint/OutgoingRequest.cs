using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Endpoint;

/// <summary>How a request of ours ended: exactly one of the two is set.</summary>
public readonly record struct RequestOutcome(SipResponse? Response, TransactionFailure? Failure)
{
    /// <summary>The status, with 408 for a timeout and 503 for the other failures (RFC 3261 section 8.1.3.1).</summary>
    public int Status => Response?.Status ?? (Failure == TransactionFailure.Timeout ? 408 : 503);

    public bool IsSuccess => Response is { IsSuccess: true };
}

/// <summary>Sends a request other than INVITE, answers one challenge (and one stale nonce), reports the end once.</summary>
internal sealed class OutgoingRequest(
    SipEndpoint endpoint, SipFlow? flow, Action<RequestOutcome> done, DigestClient? credentials, Dialog? dialog) : IClientTransactionUser
{
    private const int MaxChallenges = 2;

    private int _challenges;

    private OpenExchanges _opened;

    public void Start(SipRequest request)
    {
        _opened = ExchangeRules.OpenedByUs(request.Method, !request.Body.IsEmpty && request.Method == SipMethod.Update);
        if (dialog is not null && _opened != OpenExchanges.None) endpoint.Post(() => dialog.Begin(_opened));
        endpoint.Send(request, flow, this);
    }

    public void OnResponse(ClientTransaction transaction, SipResponse response)
    {
        if (response.IsProvisional) return;
        if (response.Status is 401 or 407 && credentials is not null && _challenges++ < MaxChallenges
            && Retry.WithCredentials(transaction.Request, response, credentials, dialog) is { } again)
        {
            endpoint.Send(again, transaction.Flow, this);
            return;
        }
        // RFC 3311 section 5.1: like a re-INVITE it refreshes the target.
        if (response.IsSuccess && transaction.Request.Method == SipMethod.Update) dialog?.Refresh(response);
        End(new RequestOutcome(response, null));
    }

    public void OnFailure(ClientTransaction? transaction, TransactionFailure failure) => End(new RequestOutcome(null, failure));

    private void End(RequestOutcome outcome)
    {
        dialog?.End(_opened);
        done(outcome);
    }
}

/// <summary>The same request again, as a new one of its own transaction.</summary>
internal static class Retry
{
    /// <summary>With credentials and the next CSeq (RFC 3261 section 22.2); null when the challenge cannot be answered.</summary>
    public static SipRequest? WithCredentials(SipRequest request, SipResponse challenge, DigestClient credentials, Dialog? dialog)
    {
        var again = request.Clone();
        if (!credentials.TryAuthorize(again, challenge)) return null;
        again.CSeq = new CSeq(dialog?.NextSequence() ?? request.CSeq.Number + 1, request.Method);
        return again;
    }
}
