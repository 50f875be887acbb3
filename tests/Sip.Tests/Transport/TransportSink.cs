using System.Threading.Channels;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Tests.Endpoint;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Tests.Transport;

/// <summary>Collects what a transport reads.</summary>
internal sealed class TransportSink : ISipTransportSink
{
    private readonly Channel<(SipMessage, SipFlow)> _messages = Channel.CreateUnbounded<(SipMessage, SipFlow)>();
    private readonly TaskCompletionSource<SipFlow> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource<SipFlow> _unconnected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<SipFlow> ConnectFailed => _unconnected.Task;

    public Task<SipFlow> FlowFailed => _failed.Task;

    public async Task<(SipMessage Message, SipFlow Flow)> Next() => await _messages.Reader.ReadAsync().AsTask().WaitAsync(TestPhone.Patience);

    public bool OnMessage(SipMessage message, SipFlow flow) => _messages.Writer.TryWrite((message, flow));

    public void OnFlowFailed(SipFlow flow) => _failed.TrySetResult(flow);

    public void OnConnectFailed(SipFlow flow) => _unconnected.TrySetResult(flow);
}
