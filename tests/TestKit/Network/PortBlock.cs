using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ClickToDial.TestKit.Network;

/// <summary>
/// A hundred ports in a row that no other test takes while this object lives. They are to be given to processes that bind
/// them themselves, so they cannot be held by a bound socket; instead the block is held by a lock on a file, which all test
/// processes of the machine respect, and lies below the range from which the system gives ports to outgoing connections.
/// </summary>
public sealed class PortBlock : IDisposable
{
    public const int Size = 100;
    private const int FirstPort = 11_000;
    private const int LastPort = 19_999;
    private const int Blocks = (LastPort + 1 - FirstPort) / Size;

    private static readonly Lock Gate = new();
    private static readonly List<PortBlock> OfProcess = [];

    private readonly FileStream _lock;
    private readonly int _first;
    private int _taken;

    private PortBlock(int first, FileStream fileLock) => (_first, _lock) = (first, fileLock);

    /// <exception cref="InvalidOperationException">Every block is taken.</exception>
    public static PortBlock Take()
    {
        // A folder for each user: another's locks could be neither opened nor made. Users meet in the check of the ports.
        var folder = Path.Combine(Path.GetTempPath(), $"click-to-dial-ports-{Environment.UserName}");
        System.IO.Directory.CreateDirectory(folder);
        // Beginning anywhere spares processes that start together from trying the same blocks.
        var start = Random.Shared.Next(Blocks);
        for (var i = 0; i < Blocks; i++)
        {
            var first = FirstPort + (start + i) % Blocks * Size;
            if (TryLock(Path.Combine(folder, first.ToString(CultureInfo.InvariantCulture))) is not { } fileLock) continue;
            if (Enumerable.Range(first, Size).All(IsFree)) return new PortBlock(first, fileLock);
            fileLock.Dispose();
        }
        throw new InvalidOperationException("No block of test ports is free.");
    }

    /// <summary>
    /// A port for as long as this process lives, for what stops listening and listens again: one of the system's range could be given to
    /// a connection meanwhile, even to one that tries to reach that very port.
    /// </summary>
    public static int NextOfProcess()
    {
        lock (Gate)
        {
            if (OfProcess is not [.., { _taken: < Size }]) OfProcess.Add(Take());
            return OfProcess[^1].Next();
        }
    }

    /// <summary>The next port of the block, free for UDP and for TCP.</summary>
    public int Next() => NextRange(1).First;

    /// <summary>The next ports of the block; a range begins with an even port, as RTP wants it (RFC 3550 section 11).</summary>
    public (int First, int Last) NextRange(int count)
    {
        if (count > 1) _taken += _taken % 2;
        var first = _first + _taken;
        _taken += count;
        if (_taken > Size) throw new InvalidOperationException("The block of test ports is used up: take another.");
        return (first, first + count - 1);
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(new IPEndPoint(IPAddress.Any, port));
            using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            tcp.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
