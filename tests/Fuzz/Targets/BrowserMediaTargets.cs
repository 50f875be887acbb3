using System.Text;
using ClickToDial.Media.Dtls;
using ClickToDial.Media.Stun;

namespace ClickToDial.Fuzz.Targets;

/// <summary>A datagram on the port for browsers is read as STUN or refused; whatever is read stays within it.</summary>
public sealed class IceCheckTarget : IFuzzTarget
{
    private static readonly StunAttributeType[] Types = Enum.GetValues<StunAttributeType>();

    public string Name => "ice-check";

    public IEnumerable<string> Seeds => ["\0\u0001\0\u000c\u0021\u0012\u00a4\u0042abcdefghijkl\0\u0006\0\u0005ab:cd\0\0\0"];

    public IEnumerable<string> Words => ["\0\u0006\0\u0004", "\0\u0008\0\u0014", "\u0080\u0028\0\u0004", "\0\u0025\0\0", "\u0080\u002a\0\u0008", "\0\u0020\0\u0008"];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!StunMessage.TryRead(input, out var message)) return;
        var known = 0;
        foreach (var type in Types)
        {
            if (!message.TryGet(type, out var value)) continue;
            known++;
            Promise.That(value.Length <= input.Length - StunMessage.HeaderLength - 4, "a value lies within the message");
        }
        Promise.That(!message.HasIntegrity("a key that nobody has made this with"u8), "nothing proves itself by chance");
        Promise.That(message.FirstUnknown() is null or (>= 0 and < 0x8000), "only what must be understood is named");
        if (message.HasFingerprint()) Promise.That(known > 0, "the fingerprint is an attribute");
        Again(message);
    }

    // What is read can be written, and then proves itself to who has the key.
    private static void Again(in StunMessage message)
    {
        var user = message.TryGet(StunAttributeType.UserName, out var name) ? name : default;
        if (user.Length > 512) return;
        var writer = new StunWriter(new byte[1024], message.Class, message.Method, message.TransactionId);
        writer.Add(StunAttributeType.UserName, user);
        writer.AddIntegrity("key"u8);
        writer.AddFingerprint();
        Promise.That(StunMessage.TryRead(writer.Written, out var own) && own.HasIntegrity("key"u8) && own.HasFingerprint(), "our own message holds");
        Promise.That(own.Class == message.Class && own.Method == message.Method, "class and method are kept");
        Promise.That(own.TryGet(StunAttributeType.UserName, out var again) && again.SequenceEqual(user), "the name is kept");
    }
}

/// <summary>Datagrams in the midst of a DTLS handshake: none of them ends the process, and what is answered fits the path.</summary>
public sealed class DtlsTarget : IFuzzTarget
{
    private static readonly Lazy<DtlsContext> Context = new(() => DtlsContext.Create(TimeProvider.System));
    private static readonly Lazy<string> Hello = new(FirstDatagram);

    public string Name => "dtls";

    public IEnumerable<string> Seeds =>
        DtlsContext.Problem is null ? [Hello.Value, "\u0015\u00fe\u00fd\0\0\0\0\0\0\0\0\0\u0002\u0001\0", "\u0014\u00fe\u00fd\0\0\0\0\0\0\0\u0001\0\u0001\u0001"] : [];

    public IEnumerable<string> Words => ["\u0016\u00fe\u00ff", "\u0016\u00fe\u00fd", "\0\0\0\0\0\0\0\u0001", "\u0001\0", "\0\u000e", "\0\u000d"];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (DtlsContext.Problem is not null) return;
        using var server = new DtlsSession(Context.Value, DtlsRole.Passive);
        using var client = new DtlsSession(Context.Value, DtlsRole.Active);
        client.Start();
        Span<byte> datagram = stackalloc byte[DtlsSession.MaxReceived];
        while (client.TryTake(datagram, out _))
        {
            // Its first flight goes nowhere: what comes next is the input.
        }
        client.Receive(input);
        server.Receive(input);
        server.Receive(input);
        server.OnTimeout();
        foreach (var session in new[] { server, client })
        {
            Promise.That(session.State != DtlsState.Established, "no one datagram makes a session");
            Promise.That(session.ExportKeys() is null, "and there are no keys");
            var sent = 0;
            while (session.TryTake(datagram, out var length)) sent += length;
            Promise.That(sent < 32 * 1024, "what is answered is bounded");
        }
    }

    private static string FirstDatagram()
    {
        using var client = new DtlsSession(Context.Value, DtlsRole.Active);
        client.Start();
        var datagram = new byte[DtlsSession.MaxReceived];
        client.TryTake(datagram, out var length);
        return Encoding.Latin1.GetString(datagram, 0, length);
    }
}
