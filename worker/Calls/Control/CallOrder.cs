using System.Text.Json.Serialization;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;

namespace ClickToDial.Calls.Control;

/// <summary>
/// What may be ordered of a call under way. Legs are named by id or role; null takes the command's default. Those that pages give have a name in
/// JSON, by which they go to the worker that has the call.
/// </summary>
[JsonDerivedType(typeof(Answer), "answer")]
[JsonDerivedType(typeof(Hold), "hold")]
[JsonDerivedType(typeof(Resume), "resume")]
[JsonDerivedType(typeof(Mute), "mute")]
[JsonDerivedType(typeof(Transfer), "transfer")]
[JsonDerivedType(typeof(Join), "join")]
[JsonDerivedType(typeof(Record), "record")]
public abstract record CallOrder(string? CommandId)
{
    /// <summary>Has the phone that rings answer by itself.</summary>
    public sealed record Answer(string? Leg, string? CommandId = null) : CallOrder(CommandId);

    public sealed record Hold(string? Leg, string? CommandId = null) : CallOrder(CommandId);

    public sealed record Resume(string? Leg, string? CommandId = null) : CallOrder(CommandId);

    public sealed record Mute(string? Leg, bool On, string? CommandId = null) : CallOrder(CommandId);

    public sealed record Transfer(string To, string? Leg, bool Drop, TimeSpan RingTimeout, string? CommandId = null) : CallOrder(CommandId)
    {
        /// <summary>The number shown to a target outside; null for what the call has.</summary>
        public string? CallerId { get; init; }

        /// <summary>The longest talk with the target; null where only the call's own limit counts. The shorter of both counts.</summary>
        public TimeSpan? MaxDuration { get; init; }
    }

    public sealed record Join(CallId WithCall, string? Leg, string? WithLeg, string? CommandId = null) : CallOrder(CommandId);

    public sealed record SendDigits(string Digits, string? Leg, int Milliseconds, string? CommandId = null) : CallOrder(CommandId);

    public sealed record Record(bool On, string? CommandId = null) : CallOrder(CommandId);

    public sealed record Announce(string Name, string? Leg, bool Loop, string? CommandId = null) : CallOrder(CommandId);

    public sealed record StopAnnouncing(string? Leg, string? CommandId = null) : CallOrder(CommandId);
}

/// <summary>How an order was taken.</summary>
public enum OrderVerdict
{
    /// <summary>It is done, or under way, or was so before.</summary>
    Done,

    /// <summary>There is no such call.</summary>
    NotFound,
    Ended,

    /// <summary>The command id was used for another order.</summary>
    Conflict,

    /// <summary>The call is not where the order makes sense.</summary>
    NotReady,
    NoSuchLeg,
    TransferUnderWay,
    HeldByDevice,
    TargetUnreachable,
    NotSupported,
    NoSuchPrompt,

    /// <summary>No device that rings takes such an order.</summary>
    CannotBeAnswered,

    /// <summary>Several devices would take it.</summary>
    AmbiguousLeg,
}

/// <param name="Call">With <see cref="OrderVerdict.Done"/>.</param>
public readonly record struct OrderAnswer(OrderVerdict Verdict, CallSnapshot? Call = null);
