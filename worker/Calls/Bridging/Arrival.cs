using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Directory;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Bridging;

/// <summary>An INVITE that was let in, whoever sent it, and what is to become of it.</summary>
/// <param name="User">The user whose call it is: who dials, or who is called from outside.</param>
internal sealed record Arrival(string Domain, string User, string Destination, CallDirection Direction)
{
    /// <summary>Null to route the destination when it is dialled.</summary>
    public Route? Route { get; init; }

    /// <summary>Who calls, when it came by a trunk.</summary>
    public InboundCaller? Inbound { get; init; }

    /// <summary>Null for a device of ours.</summary>
    public Trunk? Trunk { get; init; }

    /// <summary>Its place among the calls of its trunk.</summary>
    public IDisposable? Place { get; init; }

    /// <summary>The account of the device that dials.</summary>
    public string? Device { get; init; }

    /// <summary>The browser that dials; null for a phone or a trunk.</summary>
    public BrowserSession? Browser { get; init; }

    /// <summary>Where that device is registered from now.</summary>
    public Func<SipFlow?>? Registered { get; init; }

    /// <summary>What the directory says of its media.</summary>
    public MediaProtection? Srtp { get; init; }

    /// <summary>What the device dialled, where that was replaced: it is told of no other.</summary>
    public string? Asked { get; init; }

    /// <summary>Shown to the far end, where that was decided for this call.</summary>
    public string? CallerId { get; init; }

    /// <summary>Headers that the domain's back end adds to the INVITE to the destination; null for none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Headers { get; init; }

    /// <summary>The longest talk, where that was decided for this call; null for what the domain allows.</summary>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>As events name the call; null for a new one.</summary>
    public CallId? Id { get; init; }

    /// <summary>Who dials does not want to be shown outside.</summary>
    public bool IsPrivate { get; init; }
}
