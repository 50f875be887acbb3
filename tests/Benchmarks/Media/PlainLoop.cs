using System.Net;
using System.Runtime.InteropServices;
using ClickToDial.Media.Linux;

namespace ClickToDial.Benchmarks.Media;

/// <summary>
/// The plainest relay there is: epoll, then recvfrom and sendto for each packet, no rewriting, no checks. The measure of what
/// the kernel's part of a relay costs without batching. Speaks as <see cref="RelayServer"/> does.
/// </summary>
internal static class PlainLoop
{
    public static async Task<int> ServeAsync(string[] args)
    {
        _ = args;
        var phones = RelayServer.Ports(await Console.In.ReadLineAsync());
        var sockets = new int[phones.Length];
        var ours = new int[phones.Length];
        var next = 20000;
        for (var i = 0; i < phones.Length; i++)
        {
            do
            {
                next += 2;
                sockets[i] = UdpSocket.Open(IPAddress.Loopback, next);
            }
            while (sockets[i] < 0);
            ours[i] = next;
        }
        Console.WriteLine(string.Join(' ', ours));
        new Thread(() => Loop(sockets, phones)) { IsBackground = true }.Start();
        await Console.In.ReadLineAsync();
        return 0;
    }

    private static unsafe void Loop(int[] sockets, int[] phones)
    {
        const int maxEvents = 64;
        var eventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
        var epoll = Native.EpollCreate(Native.EpollCloseOnExec);
        var interest = stackalloc byte[16];
        var names = new SocketName[phones.Length];
        for (var i = 0; i < sockets.Length; i++)
        {
            *(uint*)interest = Native.EpollIn;
            *(ulong*)(interest + eventSize - 8) = (ulong)i;
            _ = Native.EpollControl(epoll, Native.EpollAdd, sockets[i], interest);
            names[i] = SocketName.From(IPAddress.Loopback, phones[i]);
        }
        var events = stackalloc byte[maxEvents * 16];
        var buffer = stackalloc byte[2048];
        while (true)
        {
            var ready = Native.EpollWait(epoll, events, maxEvents, -1);
            for (var i = 0; i < ready; i++)
            {
                var leg = (int)*(ulong*)(events + (i * eventSize) + eventSize - 8);
                var length = ReceiveFrom(sockets[leg], buffer);
                var to = names[leg ^ 1];
                if (length > 0) _ = Native.SendTo(sockets[leg ^ 1], buffer, (nuint)length, Native.MsgDontWait, &to, (uint)to.Length);
            }
        }
    }

    private static unsafe nint ReceiveFrom(int socket, byte* buffer) => Native.Read(socket, buffer, 2048);
}
