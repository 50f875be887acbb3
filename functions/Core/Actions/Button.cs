namespace ClickToDial.Core.Actions;

/// <summary>A dynamic button (C5).</summary>
/// <param name="Id">Within the domain.</param>
/// <param name="Type">Colour theme, such as <c>danger</c>.</param>
/// <param name="Placement"><c>agent</c> to be shown to agents.</param>
/// <param name="MinSelect">Fewest rows that must be selected when it is pressed; 0 for no selection.</param>
/// <param name="MaxSelect">Most rows; null for any number.</param>
/// <param name="ScriptId">The script it runs (<c>sandbox_id</c> on the wire).</param>
/// <param name="Function">Action or entry of the script, see <see cref="FunctionText"/> (<c>fn</c>).</param>
/// <param name="FormId">The form it opens.</param>
/// <param name="Supersedes">Pressed while a chain of the agent runs, it ends that one and starts its own; otherwise it is refused.</param>
public sealed record Button(
    string Id,
    string Label,
    string? Icon = null,
    string? Tooltip = null,
    string? Type = null,
    string? Placement = null,
    int MinSelect = 0,
    int? MaxSelect = null,
    string? ScriptId = null,
    string? Function = null,
    string? FormId = null,
    int SortOrder = 0,
    bool Supersedes = false)
{
    /// <summary>Null when so many rows may be selected; otherwise what is wrong, for people.</summary>
    public string? FaultOfSelection(int count)
    {
        if (count < MinSelect) return MinSelect == 1 ? "Select one first." : $"Select at least {MinSelect}.";
        return count > MaxSelect ? $"Select at most {MaxSelect}." : null;
    }
}
