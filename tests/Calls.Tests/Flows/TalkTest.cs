using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>Two bare ends, the user's and a trunk's, and a call between them.</summary>
public abstract class TalkTest : FlowTest
{
    /// <param name="allow">What the far end says that it takes.</param>
    protected async Task<Talk> TalkAsync(string? allow = null)
    {
        var user = await RegisteredAsync("101-a");
        var far = await FarEndAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var userInvite = await user.RequestAsync();
        var userDialog = user.Answer(userInvite, SipUa.Sdp("8"));
        var farInvite = await far.RequestAsync();
        var farDialog = far.Answer(farInvite, SipUa.Sdp("8"), allow: allow);
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        return new Talk(id, user, userDialog, userInvite.Request, far, farDialog);
    }

    protected sealed record Talk(CallId Id, SipUa User, Dialog UserDialog, SipRequest UserInvite, SipUa Far, Dialog FarDialog) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await User.DisposeAsync();
            await Far.DisposeAsync();
        }
    }
}
