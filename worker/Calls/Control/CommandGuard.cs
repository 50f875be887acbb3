using System.Buffers;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;

namespace ClickToDial.Calls.Control;

/// <summary>The gate between a command to a call under way and what is made of it. Each method says what is wrong, naming the member, or gives the order.</summary>
internal static class CommandGuard
{
    private const int MaxName = 64;
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
    private static readonly SearchValues<char> Keys = SearchValues.Create("0123456789*#ABCD");

    /// <summary>An order that came from another worker.</summary>
    public static string? Check(CallOrder order) => order switch
    {
        CallOrder.Transfer blind => Check(blind),
        CallOrder.Join join => Check(new TransferCommand(WithCall: join.WithCall.Value, Leg: join.Leg, WithLeg: join.WithLeg, CommandId: join.CommandId)),
        CallOrder.Answer answer => Common(answer.Leg, answer.CommandId),
        CallOrder.Hold hold => Common(hold.Leg, hold.CommandId),
        CallOrder.Resume resume => Common(resume.Leg, resume.CommandId),
        CallOrder.Mute mute => Common(mute.Leg, mute.CommandId),
        CallOrder.Record record => Common(null, record.CommandId),
        _ => "Pages give no such order.",
    };

    public static string? Check(LegCommand command) => Common(command.Leg, command.CommandId);

    public static string? Check(RecordingCommand command) => Common(null, command.CommandId);

    public static string? Check(DigitsCommand command)
    {
        if (command.Digits.Length is 0 or > 64 || command.Digits.AsSpan().ContainsAnyExcept(Keys)) return "digits: 1 to 64 of 0-9, *, #, A-D.";
        if (command.DurationMilliseconds is < 40 or > 5000) return "durationMilliseconds: 40 to 5000.";
        return Common(command.Leg, command.CommandId);
    }

    public static string? Check(AnnouncementCommand command) =>
        IsName(command.Name) ? Common(command.Leg, command.CommandId) : "name: 1 to 64 letters, digits, dots, dashes and underscores.";

    public static string? Check(TransferCommand command)
    {
        if (command.To is null == command.WithCall is null) return "to, withCall: exactly one of the two.";
        if (command.To is { } to && !OriginateGuard.IsDestination(to)) return "to: an E.164 number with +, a user name or a test number.";
        if (command.WithCall is { } call && !CallId.TryParse(call, out _)) return "withCall: a call id.";
        if (command.WithLeg is { } leg && !IsName(leg)) return "withLeg: a leg's id or role.";
        if (command.RingTimeoutSeconds is < 5 or > 180) return "ringTimeoutSeconds: 5 to 180.";
        return Common(command.Leg, command.CommandId);
    }

    private static string? Check(CallOrder.Transfer order)
    {
        if (order.CallerId is { } callerId && !OriginateGuard.IsCallerId(callerId)) return OriginateGuard.BadCallerId;
        if (order.MaxDuration is { } longest && longest <= TimeSpan.Zero) return "maxDuration: longer than nothing.";
        var seconds = Math.Clamp(order.RingTimeout.TotalSeconds, 0, 1000);
        return Check(new TransferCommand(order.To, Leg: order.Leg, RingTimeoutSeconds: (int)seconds, CommandId: order.CommandId));
    }

    private static string? Common(string? leg, string? commandId)
    {
        if (leg is not null && !IsName(leg)) return "leg: a leg's id or role.";
        return commandId is null || IsName(commandId) ? null : "commandId: 1 to 64 letters, digits, dots, dashes and underscores.";
    }

    private static bool IsName(string text) => text.Length is > 0 and <= MaxName && !text.AsSpan().ContainsAnyExcept(NameCharacters);
}
