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
    private const int MaxChallenges = 3;

    private int _challenges;

    // Until the end: the transaction outlives it by seconds, and must not keep a whole call for so long.
    private Action<RequestOutcome>? _done = done;
    private Dialog? _dialog = dialog;
    private OpenExchanges _opened;
    private RequestSpan _span;

    public void Start(SipRequest request)
    {
        _span = RequestSpan.Begin(request.Method);
        _opened = ExchangeRules.OpenedByUs(request.Method, !request.Body.IsEmpty && request.Method == SipMethod.Update);
        if (_dialog is { } dialog && _opened != OpenExchanges.None) endpoint.Post(() => dialog.Begin(_opened));
        if (_dialog is not null) endpoint.Sessions?.Prepare(request, _dialog);
        endpoint.Send(request, flow, this);
    }

    public void OnResponse(ClientTransaction transaction, SipResponse response)
    {
        if (response.IsProvisional) return;
        if (!response.IsSuccess && _challenges++ < MaxChallenges && Retry.After(transaction.Request, response, credentials, _dialog, endpoint) is { } again)
        {
            endpoint.SendAgain(again, transaction, this);
            return;
        }
        // RFC 3311 section 5.1: like a re-INVITE it refreshes the target.
        if (_dialog is not null && response.IsSuccess && transaction.Request.Method == SipMethod.Update)
        {
            _dialog.Refresh(response);
            endpoint.Sessions?.OnSuccess(_dialog, transaction.Request, response);
        }
        End(new RequestOutcome(response, null));
    }

    public void OnFailure(ClientTransaction? transaction, TransactionFailure failure) => End(new RequestOutcome(null, failure));

    private void End(RequestOutcome outcome)
    {
        _span.End(outcome.Status);
        _dialog?.End(_opened);
        var tell = _done;
        (_done, _dialog) = (null, null);
        tell?.Invoke(outcome);
    }
}

/// <summary>The same request again, as a new one of its own transaction.</summary>
internal static class Retry
{
    /// <summary>What the refusal asks for, with the next CSeq; null when there is nothing we could do.</summary>
    public static SipRequest? After(SipRequest request, SipResponse refusal, DigestClient? credentials, Dialog? dialog, SipEndpoint endpoint)
    {
        var again = refusal.Status switch
        {
            401 or 407 => credentials is null ? null : WithCredentials(request, refusal, credentials),
            421 => WithExtensions(request, refusal, endpoint),
            422 => SessionKeeper.Longer(request, refusal),
            _ => null,
        };
        if (again is null) return null;
        again.CSeq = new CSeq(dialog?.NextSequence() ?? request.CSeq.Number + 1, request.Method);
        return again;
    }

    // RFC 3261 section 22.2.
    private static SipRequest? WithCredentials(SipRequest request, SipResponse challenge, DigestClient credentials)
    {
        var again = request.Clone();
        return credentials.TryAuthorize(again, challenge) ? again : null;
    }

    // Section 21.4.15: the peer wants us to offer an extension that we have and did not name.
    private static SipRequest? WithExtensions(SipRequest request, SipResponse refusal, SipEndpoint endpoint)
    {
        var required = refusal.Headers.GetList(HeaderName.Require);
        if (required.Count == 0 || !required.TrueForAll(endpoint.Supports) || required.TrueForAll(tag => request.Headers.HasToken(HeaderName.Supported, tag)))
            return null;
        var again = request.Clone();
        again.Headers.Add(HeaderName.Supported, string.Join(", ", required));
        return again;
    }
}
