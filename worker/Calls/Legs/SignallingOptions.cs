using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Transactions;

namespace ClickToDial.Calls.Legs;

/// <summary>What calls agree on with their peers beside the sound, section "Signalling".</summary>
public sealed class SignallingOptions
{
    public const string Section = "Signalling";

    /// <summary>How long a session lives without a refresh (RFC 4028), in seconds; 0 for no session timers. Default 1800.</summary>
    public int SessionSeconds { get; set; } = 1800;

    /// <summary>The least that peers may ask for, in seconds; less gets 422. Default 90, the least of RFC 4028.</summary>
    public int MinSessionSeconds { get; set; } = (int)SessionTimerOptions.DefaultMinimumSeconds;

    /// <summary>When callers get provisional responses reliably (RFC 3262). Default WhenRequired.</summary>
    public ReliablePolicy ReliableProvisionals { get; set; } = ReliablePolicy.WhenRequired;

    /// <summary>Offer trunks to send theirs reliably. Default false: who needs it asks for it, with 421.</summary>
    public bool OfferReliableToTrunks { get; set; }

    /// <summary>Null for none.</summary>
    internal SessionTimerOptions? Session => SessionSeconds == 0
        ? null
        : new SessionTimerOptions { IntervalSeconds = (uint)SessionSeconds, MinimumSeconds = (uint)MinSessionSeconds };

    /// <summary>Every error at once, each naming its setting.</summary>
    public IEnumerable<string> Validate()
    {
        if (MinSessionSeconds is < 90 or > 86_400) yield return $"{Section}: MinSessionSeconds must be from 90 to 86400.";
        if (SessionSeconds is < 0 or > 86_400 || (SessionSeconds > 0 && SessionSeconds < MinSessionSeconds))
            yield return $"{Section}: SessionSeconds must be 0, or from MinSessionSeconds to 86400.";
        if (!Enum.IsDefined(ReliableProvisionals)) yield return $"{Section}: ReliableProvisionals must be WhenRequired or WhenSupported.";
    }
}
