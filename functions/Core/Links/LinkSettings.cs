namespace ClickToDial.Core.Links;

/// <summary>Which dial links a domain takes. In the seed null members take these defaults.</summary>
/// <param name="Challenge">Links that ask for name and password (V1).</param>
/// <param name="Hashes">Links with a hash (V2).</param>
/// <param name="Passwords">Links with the password in them (V3).</param>
/// <param name="Reuse">A hash may be used again within its time, for old clients; else it is spent with the call.</param>
/// <param name="DialOnGet">A link dials when it is opened, without a page between: then mail scanners dial too.</param>
/// <param name="MaxSeconds">The longest that a hash is good, whatever it says: 10 to 604800.</param>
public sealed record LinkSettings(
    bool Challenge = true, bool Hashes = true, bool Passwords = true, bool Reuse = false, bool DialOnGet = false, int MaxSeconds = 86_400)
{
    public static LinkSettings Default { get; } = new();

    public bool Takes(LinkForm form) => form switch { LinkForm.Challenge => Challenge, LinkForm.Hash => Hashes, _ => Passwords };
}
