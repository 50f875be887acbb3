using System.Net.Sockets;
using ClickToDial.Calls.Bridging;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Calls;
using ClickToDial.Media.Srtp;

namespace ClickToDial.Calls.Legs;

/// <summary>Takes what legs tell; made to be called from the stack's loop, so it only posts.</summary>
internal interface ILegOwner
{
    void Tell(Leg leg, LegNews news);
}

/// <summary>
/// One end of a call. The call's loop owns the members; signalling tells its news through <see cref="ILegOwner"/>. A leg that
/// was ended finishes by itself whatever its peer still has to be told, late answers included.
/// </summary>
internal abstract class Leg(string id, LegRole role)
{
    public string Id => id;

    public LegRole Role => role;

    public string? Device { get; init; }

    /// <summary>The browser that it is; null for a phone or a trunk.</summary>
    public BrowserSession? Browser { get; init; }

    public string? Trunk { get; init; }

    /// <summary>In which form the leg was offered sound; on a leg that dialled, what of its offer may be taken.</summary>
    public SrtpUse Srtp { get; init; }

    /// <summary>By which its signalling goes, so presumably its sound; unspecified while that is not known.</summary>
    public AddressFamily Family { get; init; }

    public DateTimeOffset? RingingAt { get; set; }

    public DateTimeOffset? AnsweredAt { get; set; }

    public DateTimeOffset? EndedAt
    {
        get;
        set
        {
            field = value;
            if (value is not null) Place?.Dispose();
        }
    }

    /// <summary>The server it was sent to, for a leg that went out by a trunk.</summary>
    public TrunkAttempt? Server { get; init; }

    /// <summary>Its place among the calls of its trunk, given back when it is over; null where there is no trunk.</summary>
    public IDisposable? Place { get; set; }

    public int? SipStatus { get; set; }

    public string? Reason { get; set; }

    /// <summary>The final response as it is to be understood, given what came with it; 0 when there was none.</summary>
    public int Verdict { get; set; }

    /// <summary>Its end has been told.</summary>
    public bool IsTold { get; set; }

    public MediaSummary? Media { get; set; }

    /// <summary>The leg whose place it took, or is rung to take.</summary>
    public string? Replaces { get; set; }

    /// <summary>Whose phone sent the call here; null where it was meant to come here.</summary>
    public Redirection? Redirection { get; set; }

    /// <summary>Where its phone sends the call on to, while that is asked about and after; null where it does not.</summary>
    public Redirection? SentOn { get; set; }

    /// <summary>It rings at a device that can be told to answer.</summary>
    public bool TakesTalk { get; set; }

    /// <summary>The device was told to answer.</summary>
    public bool IsToldToAnswer { get; set; }

    /// <summary>Somebody is being asked whether the call may go where it refers it to.</summary>
    public bool IsAskedAbout { get; set; }

    /// <summary>What it does that is being asked about.</summary>
    public int ActsAsked { get; set; }

    /// <summary>Completes when the last of that was decided; the next is asked about then. Never fails.</summary>
    public Task LastAct { get; set; } = Task.CompletedTask;

    public bool IsOver => EndedAt is not null;

    /// <summary>Begins to ring.</summary>
    public abstract void Start();

    /// <summary>Ends it in the way its state asks for: CANCEL, BYE or a final response. Again does nothing.</summary>
    /// <param name="status">Final response to a caller that was not answered.</param>
    /// <param name="reason">Why, told to the peer in a Reason header.</param>
    public abstract void End(int status, HangUpReason reason);

    /// <summary>Tells the device that rings to answer, if it can be told.</summary>
    public virtual void OrderAnswer()
    {
    }

    /// <summary>Offers anew in the established dialog.</summary>
    public virtual void Reoffer(byte[] offer)
    {
    }

    /// <summary>Tells the peer of a key by signalling, as it takes none beside the sound.</summary>
    public virtual void SendKey(char key, int milliseconds = InfoDigit.UsualMilliseconds)
    {
    }

    public static string IdOf(int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"leg-{number}");

    public LegSummary Summary() =>
        new(Id, Role, Device, Trunk, RingingAt, AnsweredAt, EndedAt, SipStatus, Reason, Media, Replaces);
}
