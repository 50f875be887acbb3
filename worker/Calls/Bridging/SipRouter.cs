using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Registrar;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;

namespace ClickToDial.Calls.Bridging;

/// <summary>Who answers a request that belongs to no dialog. Runs on the stack's loop.</summary>
internal sealed class SipRouter(SipEndpoint sip, RegistrarService registrar, IncomingCalls incoming, DeviceGate gate) : ISipHandler
{
    public void OnRequest(ServerTransaction transaction)
    {
        var method = transaction.Request.Method;
        if (method == SipMethod.Register) registrar.OnRegister(transaction);
        else if (method == SipMethod.Invite) incoming.OnInvite(transaction);
        else if (method == SipMethod.Options) OnOptions(transaction);
        else transaction.Respond(481); // BYE and INFO have no meaning outside of a dialog.
    }

    /// <summary>Who shows no credentials gets a challenge that costs us no transaction.</summary>
    public SipResponse? AnswerStatelessly(StatelessRequest request)
    {
        var method = request.Request.Method;
        if (method == SipMethod.Register) return gate.Challenge(request, request.Request.To.Uri.Host, proxy: false);
        return method == SipMethod.Invite ? incoming.AnswerStatelessly(request) : null;
    }

    private void OnOptions(ServerTransaction transaction)
    {
        var response = transaction.CreateResponse(200);
        Capabilities.AddTo(response, sip);
        response.Headers.Add(HeaderName.Accept, "application/sdp, application/dtmf-relay, application/dtmf");
        transaction.Respond(response);
    }
}
