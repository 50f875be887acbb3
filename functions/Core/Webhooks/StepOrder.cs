using ClickToDial.Core.Calls;

namespace ClickToDial.Core.Webhooks;

/// <summary>
/// In which order the steps of a call go to subscribers: by sequence, each once. A step that came early waits for those before it, but
/// not for ever; what comes after its turn has passed is in the call log only. Nothing follows the terminal event.
/// </summary>
public static class StepOrder
{
    /// <summary>All has been said of the call.</summary>
    public const int Over = SequenceSet.Largest;

    /// <summary>The row with as many steps handed on as are there without a gap.</summary>
    public static CallRecord Advance(CallRecord row, DateTimeOffset now)
    {
        var last = row.HandedOn;
        while (last < row.Seen.Max && row.Seen.Contains(last + 1)) last++;
        return Settle(row, last, now);
    }

    /// <summary>The row with all steps handed on that are there: the missing ones are not waited for any longer.</summary>
    public static CallRecord Skip(CallRecord row, DateTimeOffset now) => Settle(row, Math.Max(row.HandedOn, row.Seen.Max), now);

    /// <summary>Whether a step is to go now, given the row before and after.</summary>
    public static bool IsDue(int sequence, CallRecord before, CallRecord after) => sequence > before.HandedOn && sequence <= after.HandedOn;

    private static CallRecord Settle(CallRecord row, int last, DateTimeOffset now)
    {
        var waits = last < row.Seen.Max;
        var over = row.EndSequence is { } end && end <= last && !waits;
        return row with { HandedOn = over ? Over : last, GapSince = waits ? row.GapSince ?? now : null };
    }
}
