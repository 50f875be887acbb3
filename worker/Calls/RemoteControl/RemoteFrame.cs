namespace ClickToDial.Calls.RemoteControl;

/// <summary>What a page asks for over its socket (V6). Ids are as the page wrote them; whether there is such a call is found out later.</summary>
internal abstract record RemoteFrame
{
    private RemoteFrame()
    {
    }

    /// <summary>Nothing but a sign of life: <c>wskeepalive</c>, <c>avoid-disconnect</c>.</summary>
    public sealed record KeepAlive : RemoteFrame;

    public sealed record GetCalls : RemoteFrame;

    public sealed record GetUsers : RemoteFrame;

    public sealed record OwnCalls(bool Subscribe) : RemoteFrame;

    public sealed record DomainCalls(bool Subscribe) : RemoteFrame;

    public sealed record MakeCall(string To) : RemoteFrame;

    public sealed record Accept(string Id) : RemoteFrame;

    /// <summary>Holds, or resumes when it holds.</summary>
    public sealed record Hold(string Id) : RemoteFrame;

    public sealed record Clear(string Id) : RemoteFrame;

    public sealed record Mute(string Id, bool On) : RemoteFrame;

    public sealed record BlindTransfer(string Id, string To) : RemoteFrame;

    /// <summary>Joins whom the user talks to in two calls.</summary>
    public sealed record AttendedTransfer(string Id, string Other) : RemoteFrame;

    public sealed record Record(string Id, bool On) : RemoteFrame;

    /// <summary>Another token of the same user, before the one in use expires.</summary>
    public sealed record Renew(string Token) : RemoteFrame
    {
        public override string ToString() => "Renew";
    }

    /// <summary>Something that this worker does not do, such as media frames or chat.</summary>
    public sealed record Unknown(string Action) : RemoteFrame;
}
