using ClickToDial.Contracts.Directory;

namespace ClickToDial.Calls.Trunks;

/// <summary>Whether a server is used, and what would change that. A pure value.</summary>
/// <param name="IsUp">Calls go there.</param>
/// <param name="InRow">Signs in a row that speak against the state it is in.</param>
public readonly record struct ServerHealth(bool IsUp, int InRow)
{
    /// <summary>Nobody is passed over before it has failed.</summary>
    public static ServerHealth Unknown { get; } = new(IsUp: true, InRow: 0);

    /// <param name="alive">It gave a sign of life; false for silence and for 503.</param>
    public ServerHealth After(bool alive, TrunkHealth rules)
    {
        if (alive == IsUp) return this with { InRow = 0 };
        var inRow = InRow + 1;
        return inRow >= (IsUp ? rules.DownAfter : rules.UpAfter) ? new ServerHealth(!IsUp, 0) : this with { InRow = inRow };
    }
}
