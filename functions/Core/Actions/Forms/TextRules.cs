namespace ClickToDial.Core.Actions.Forms;

/// <summary>Patterns that have a name; the same text for the server, and for browsers through the JSON Schema.</summary>
public static class TextRules
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["email"] = "^[^@\\s]{1,64}@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$",
        ["url"] = "^https?://[^\\s/$.?#][^\\s]*$",
        ["phone"] = "^\\+?[0-9][0-9 ()/.-]{2,30}$",
        ["integer"] = "^-?[0-9]{1,18}$",
        ["alpha"] = "^[A-Za-z]+$",
        ["alphanumeric"] = "^[A-Za-z0-9]+$",
    };

    public const string Time = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$";
    public const string Color = "^#[0-9A-Fa-f]{6}$";

    private const string Year = "[0-9]{4}";
    private const string Month = Year + "-(0[1-9]|1[0-2])";
    private const string Day = Month + "-(0[1-9]|[12][0-9]|3[01])";
    private const string Minute = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?";

    /// <summary>The form of one date of the kind.</summary>
    public static string Date(string? kind) => kind switch
    {
        "year" => $"^{Year}$",
        "month" => $"^{Month}$",
        "week" => $"^{Year}-W(0[1-9]|[1-4][0-9]|5[0-3])$",
        "datetime" or "datetimerange" => $"^{Day}T{Minute}$",
        _ => $"^{Day}$",
    };

    public static IReadOnlyList<string> DateKinds { get; } = ["year", "month", "date", "dates", "week", "datetime", "datetimerange"];
}
