using System.Globalization;
using System.Numerics;

namespace ClickToDial.EmbeddedHost.Timers;

/// <summary>
/// One field of a schedule as a set of values. Grammar: <c>field = part *("," part)</c>,
/// <c>part = ("*" / value ["-" value]) ["/" step]</c>; a single value with a step runs to the field's end.
/// </summary>
internal sealed class CronField
{
    private static readonly string[] Months =
        ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    public static readonly CronField Second = new("second", 0, 59);
    public static readonly CronField Minute = new("minute", 0, 59);
    public static readonly CronField Hour = new("hour", 0, 23);
    public static readonly CronField Day = new("day of month", 1, 31);
    public static readonly CronField Month = new("month", 1, 12, Months);
    public static readonly CronField Weekday = new("day of week", 0, 6, Days);

    private readonly string _name;
    private readonly int _first;
    private readonly int _last;
    private readonly string[] _names;

    private CronField(string name, int first, int last, string[]? names = null) =>
        (_name, _first, _last, _names) = (name, first, last, names ?? []);

    /// <summary>All values of the field.</summary>
    public ulong All => Range(_first, _last, 1);

    /// <summary>The lowest value of <paramref name="set"/> that is at least <paramref name="from"/>, or -1.</summary>
    public static int NextIn(ulong set, int from)
    {
        var rest = from > 63 ? 0 : set >> from << from;
        return rest == 0 ? -1 : BitOperations.TrailingZeroCount(rest);
    }

    /// <summary>The set of values as bits; zero with the reason when the text is no such field.</summary>
    public ulong Parse(ReadOnlySpan<char> text, out string? error)
    {
        error = null;
        ulong set = 0;
        foreach (var range in text.Split(','))
        {
            var part = ParsePart(text[range]);
            if (part == 0)
            {
                error = $"'{text}' is not a valid {_name}";
                return 0;
            }
            set |= part;
        }
        return set;
    }

    private ulong ParsePart(ReadOnlySpan<char> part)
    {
        var slash = part.IndexOf('/');
        var step = slash < 0 ? 1 : Number(part[(slash + 1)..]);
        if (step < 1) return 0;
        var span = slash < 0 ? part : part[..slash];
        if (span is "*") return Range(_first, _last, step);
        var dash = span.IndexOf('-');
        var from = Value(dash < 0 ? span : span[..dash]);
        var to = dash >= 0 ? Value(span[(dash + 1)..]) : slash >= 0 ? _last : from;
        return from < 0 || to < from ? 0 : Range(from, to, step);
    }

    private int Value(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < _names.Length; i++)
            if (text.Equals(_names[i], StringComparison.OrdinalIgnoreCase)) return _first + i;
        var number = Number(text);
        return number < _first || number > _last ? -1 : number;
    }

    private static int Number(ReadOnlySpan<char> text) =>
        text.Length <= 4 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static ulong Range(int from, int to, int step)
    {
        ulong set = 0;
        for (var value = from; value <= to; value += step) set |= 1UL << value;
        return set;
    }
}
