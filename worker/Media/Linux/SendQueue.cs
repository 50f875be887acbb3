using System.Runtime.InteropServices;

namespace ClickToDial.Media.Linux;

/// <summary>Datagrams waiting to leave; runs for one socket go out in one sendmmsg, single ones by sendto. Not thread-safe.</summary>
internal sealed unsafe class SendQueue : IDisposable
{
    private readonly int _capacity;
    private readonly int* _sockets;
    private readonly SocketName* _names;
    private readonly Native.IoVector* _vectors;
    private readonly Native.MultiMessage* _messages;
    private int _count;

    public SendQueue(int capacity)
    {
        _capacity = capacity;
        _sockets = (int*)NativeMemory.Alloc((nuint)capacity, sizeof(int));
        _names = (SocketName*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(SocketName));
        _vectors = (Native.IoVector*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(Native.IoVector));
        _messages = (Native.MultiMessage*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(Native.MultiMessage));
    }

    public bool IsFull => _count == _capacity;

    public long Failures { get; private set; }

    public void Add(int socket, in SocketName to, byte* data, int length)
    {
        var i = _count++;
        _sockets[i] = socket;
        _names[i] = to;
        _vectors[i] = new Native.IoVector { Base = data, Length = (nuint)length };
    }

    public void Flush()
    {
        for (var i = 0; i < _count;)
        {
            var end = i + 1;
            while (end < _count && _sockets[end] == _sockets[i]) end++;
            if (end - i == 1) SendOne(i);
            else SendRun(i, end - i);
            i = end;
        }
        _count = 0;
    }

    public void Dispose()
    {
        NativeMemory.Free(_sockets);
        NativeMemory.Free(_names);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_messages);
    }

    private void SendOne(int i)
    {
        if (Native.SendTo(_sockets[i], _vectors[i].Base, _vectors[i].Length, Native.MsgDontWait, _names + i, (uint)_names[i].Length) < 0) Failures++;
    }

    private void SendRun(int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            _messages[i].Header.Name = _names + i;
            _messages[i].Header.NameLength = (uint)_names[i].Length;
            _messages[i].Header.Vectors = _vectors + i;
            _messages[i].Header.VectorCount = 1;
        }
        // A datagram that fails ends the call; it is skipped, and the rest is tried again.
        for (var done = 0; done < count;)
        {
            var sent = Native.SendMany(_sockets[first], _messages + first + done, (uint)(count - done), Native.MsgDontWait);
            if (sent <= 0)
            {
                Failures++;
                sent = 1;
            }
            done += sent;
        }
    }
}
