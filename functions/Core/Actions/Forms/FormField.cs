using System.Text.Json.Nodes;

namespace ClickToDial.Core.Actions.Forms;

/// <summary>One field of a form. Which settings mean something depends on <see cref="Type"/>.</summary>
/// <param name="Name">Key of its value: 1 to 64 letters, digits and "_"; unique in the form.</param>
/// <param name="Hidden">Never shown; its default value, or what a script loads, is sent along.</param>
/// <param name="Disabled">Shown and not to be changed; what is sent for it is not looked at.</param>
/// <param name="Validation">Name of a rule for texts: see <see cref="TextRules"/>.</param>
/// <param name="Pattern">Regular expression that a text must match somewhere (<c>regex</c> on the wire).</param>
/// <param name="Options">What may be chosen, for radio, select and checkbox.</param>
/// <param name="Kind">For dates: year, month, date, dates, week, datetime or datetimerange.</param>
/// <param name="Width">Columns of twelve: 1 to 12.</param>
/// <param name="ChangeEntry">Function of the form's script that the phone runs when the value changes (<c>scriptforge_change</c>).</param>
/// <param name="VisibleWhen">Shown only then; while it is not shown it is neither needed nor looked at.</param>
public sealed record FormField(
    FieldType Type,
    string Name,
    string? Label = null,
    bool Required = false,
    bool Hidden = false,
    bool Disabled = false,
    bool SelectEnabled = false,
    bool Multiple = false,
    bool Searchable = false,
    bool Multiline = false,
    bool Collapse = false,
    JsonNode? DefaultValue = null,
    string? Validation = null,
    string? Pattern = null,
    int? MinLength = null,
    int? MaxLength = null,
    decimal? Min = null,
    decimal? Max = null,
    decimal? Step = null,
    int? Precision = null,
    IReadOnlyList<FieldOption>? Options = null,
    string? Kind = null,
    int Width = 12,
    string? ChangeEntry = null,
    Visibility? VisibleWhen = null)
{
    /// <summary>Something may be filled in.</summary>
    public bool HasValue => Type is not (FieldType.Text or FieldType.Html);

    /// <summary>The value is a list.</summary>
    public bool IsList => Type == FieldType.Checkbox ? Options is not null : Type == FieldType.Select ? Multiple : Type == FieldType.Date && Kind is "dates" or "datetimerange";
}
