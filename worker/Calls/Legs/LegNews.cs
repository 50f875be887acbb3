namespace ClickToDial.Calls.Legs;

/// <summary>What a leg tells its call.</summary>
internal abstract record LegNews
{
    private LegNews()
    {
    }

    /// <summary>180, or whatever else says that a person is being alerted.</summary>
    internal sealed record Ringing : LegNews
    {
        public static Ringing Instance { get; } = new();
    }

    /// <summary>A provisional response with an answer in it.</summary>
    internal sealed record EarlyMedia(ReadOnlyMemory<byte> Answer) : LegNews;

    /// <summary>A success with the answer to our offer.</summary>
    internal sealed record Answered(ReadOnlyMemory<byte> Answer) : LegNews;

    /// <summary>The final response, or 0 when the peer could not be reached.</summary>
    internal sealed record Failed(int Status) : LegNews;

    /// <summary>BYE, or CANCEL of an incoming one.</summary>
    internal sealed record HungUp : LegNews
    {
        public static HungUp Instance { get; } = new();
    }

    /// <summary>A key, by SIP INFO.</summary>
    internal sealed record Digit(char Key) : LegNews;

    /// <summary>The peer offers anew, to hold or to resume or to change codec; somebody has to answer.</summary>
    internal sealed record Reoffered(IReoffer Request) : LegNews;

    /// <summary>Our own new offer was answered.</summary>
    /// <param name="Asked">The peer had asked for the offer, so the answer says what it wants now.</param>
    internal sealed record ReofferAccepted(ReadOnlyMemory<byte> Answer, bool Asked = false) : LegNews;

    internal sealed record ReofferRefused(int Status) : LegNews;

    /// <summary>After a refusal by 491 the time has come at which an offer may be made again.</summary>
    internal sealed record MayReoffer : LegNews
    {
        public static MayReoffer Instance { get; } = new();
    }
}

/// <summary>An unanswered offer of a peer in an established dialog.</summary>
internal interface IReoffer
{
    /// <summary>Empty when the peer asks us to offer.</summary>
    ReadOnlyMemory<byte> Offer { get; }

    void Accept(byte[] description);

    void Refuse(int status);
}
