using System.Net;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Transport;
using ClickToDial.TestKit.Peers;

namespace ClickToDial.Calls.Tests.Edge;

/// <summary>Two workers that know each other: one has the phones, the other the calls.</summary>
public abstract class TwoWorkersTest : IAsyncLifetime
{
    private readonly string _token = Guid.NewGuid().ToString("N");

    /// <summary>Where phones are registered that the other calls.</summary>
    protected WorkerRig Phones { get; private set; } = null!;

    /// <summary>Where calls run.</summary>
    protected WorkerRig Calls { get; private set; } = null!;

    protected IPEndPoint Tcp => Phones.Server.Listening.First(listen => listen.Kind == SipTransportKind.Tcp).Address;

    public async ValueTask InitializeAsync()
    {
        Phones = await WorkerRig.StartAsync(OfPhones, controlToken: _token);
        Calls = await WorkerRig.StartAsync(OfCalls, controlToken: _token);
        Introduce();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Calls.DisposeAsync();
        await Phones.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected virtual void Introduce()
    {
        Phones.Server.Fellows!.Know([Calls.ControlUrl]);
        Calls.Server.Fellows!.Know([Phones.ControlUrl]);
    }

    /// <summary>Until the calls' worker knows so many registrations of a user at the phones' worker.</summary>
    protected Task KnownAsync(string user, int count = 1) =>
        Calls.Server.Fellows!.WhenAsync(known => known.Find(WorkerRig.Domain, user).Count == count).WaitAsync(Patience.Limit);

    protected async Task<CallId> OriginateAsync(string destination)
    {
        var id = WorkerClient.NewCallId();
        var answer = await Calls.Server.Calls.OriginateAsync(id, WorkerRig.Command(destination), CancellationToken.None);
        Assert.Equal(ClickToDial.Calls.Control.OriginateVerdict.Accepted, answer.Verdict);
        return id;
    }

    protected async Task EndsAsync(CallId id, CallResult result, string reason)
    {
        var outcome = (await Calls.Functions.EndAsync(id)).Outcome!;
        Assert.Equal((result, reason), (outcome.Result, outcome.Reason));
    }

    /// <summary>How the calls' worker is started.</summary>
    protected virtual CallServerOptions OfCalls(CallServerOptions options) => options;

    /// <summary>How the phones' worker is started.</summary>
    protected virtual CallServerOptions OfPhones(CallServerOptions options) => options with
    {
        Sip = options.Sip with { Listen = [.. options.Sip.Listen, new SipListen(SipTransportKind.Tcp, new IPEndPoint(IPAddress.Loopback, 0))] },
    };
}
