using System.Net;
using System.Net.Sockets;

namespace ClickToDial.Sip.Transport;

/// <summary>
/// Accepts connections until it is stopped. When the process has no descriptors left, accepting fails at once, for ever, and the
/// connection stays in the kernel's queue: then it pauses, instead of taking a whole processor to fail.
/// </summary>
internal sealed class AcceptLoop(Func<CancellationToken, ValueTask<Socket>> accept, Action<Socket> adopt, IPEndPoint local, TcpSettings settings)
{
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly LogThrottle _failed = new(settings.Time);

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                if (await AcceptAsync(stop) is { } socket) Adopt(socket);
                else await Task.Delay(Pause, settings.Time, stop);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // Stopped: the listener is closed.
        }
    }

    // Null when it failed for a reason of ours; a peer that has gone again (ECONNABORTED) is none, but its pause harms nobody.
    private async ValueTask<Socket?> AcceptAsync(CancellationToken stop)
    {
        try
        {
            return await accept(stop);
        }
        catch (SocketException e)
        {
            if (!stop.IsCancellationRequested && _failed.TryPass(out var suppressed))
                SipLog.AcceptFailed(settings.Logger, local, e.SocketErrorCode, suppressed);
            return null;
        }
    }

    private void Adopt(Socket socket)
    {
        try
        {
            adopt(socket);
        }
        catch (SocketException)
        {
            socket.Dispose(); // Reset before its options could be set.
        }
    }
}
