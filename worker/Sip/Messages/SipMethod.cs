namespace ClickToDial.Sip.Messages;

/// <summary>A SIP method: an exact, case-sensitive token (RFC 3261 section 7.1). Well-known ones share one string each.</summary>
public readonly record struct SipMethod
{
    private readonly string? _name;

    private SipMethod(string name) => _name = name;

    public static SipMethod Invite { get; } = new("INVITE");
    public static SipMethod Ack { get; } = new("ACK");
    public static SipMethod Bye { get; } = new("BYE");
    public static SipMethod Cancel { get; } = new("CANCEL");
    public static SipMethod Register { get; } = new("REGISTER");
    public static SipMethod Options { get; } = new("OPTIONS");
    public static SipMethod Info { get; } = new("INFO");
    public static SipMethod Update { get; } = new("UPDATE");
    public static SipMethod Prack { get; } = new("PRACK");
    public static SipMethod Refer { get; } = new("REFER");
    public static SipMethod Notify { get; } = new("NOTIFY");
    public static SipMethod Subscribe { get; } = new("SUBSCRIBE");
    public static SipMethod Message { get; } = new("MESSAGE");
    public static SipMethod Publish { get; } = new("PUBLISH");

    private static readonly SipMethod[] Known =
        [Invite, Ack, Bye, Cancel, Register, Options, Info, Update, Prack, Refer, Notify, Subscribe, Message, Publish];

    /// <summary>The token as it stands on the wire; empty for <c>default</c>.</summary>
    public string Name => _name ?? "";

    /// <summary>True for the methods of the RFCs that this stack knows by name.</summary>
    public bool IsKnown => Array.IndexOf(Known, this) >= 0;

    /// <summary>Reads a method token; false when it is empty, longer than 64 bytes or not a token.</summary>
    public static bool TryParse(ReadOnlySpan<byte> token, out SipMethod method)
    {
        foreach (var known in Known)
        {
            if (token.Length != known.Name.Length || !System.Text.Ascii.Equals(token, known.Name)) continue;
            method = known;
            return true;
        }
        method = default;
        if (token.IsEmpty || token.Length > 64 || !Parsing.Grammar.IsToken(token)) return false;
        method = new SipMethod(System.Text.Encoding.ASCII.GetString(token));
        return true;
    }

    public override string ToString() => Name;
}
