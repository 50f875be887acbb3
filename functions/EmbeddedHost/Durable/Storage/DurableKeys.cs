using System.Globalization;
using System.Text;
using ClickToDial.EmbeddedHost.Durable.History;

namespace ClickToDial.EmbeddedHost.Durable.Storage;

/// <summary>Keys of the rows of an instance; README lists them.</summary>
internal static class DurableKeys
{
    public const string State = "state";
    public const char HistoryKind = 'h';
    public const char MessageKind = 'm';
    public const char OutgoingKind = 'o';

    private const int LongestInstanceId = 256;

    public static string Turn(int generation, int turn) => $"h{generation:x8}-{turn:x8}";

    /// <summary>Messages that start an execution, the start itself first; they sort before all others.</summary>
    public static string Start(int number) => $"m0-{number:x8}";

    /// <param name="unique">Tells messages of the same moment apart and orders them.</param>
    public static string Message(DateTimeOffset at, string unique) => $"m1-{at.UtcTicks:x16}-{Escape(unique)}";

    public static string Outgoing(int generation, int turn, int number) => $"o{generation:x8}-{turn:x8}-{number:x4}";

    /// <summary>Of a history or outbox row.</summary>
    public static int GenerationOf(string row) => int.Parse(row.AsSpan(1, 8), NumberStyles.HexNumber);

    /// <inheritdoc cref="GenerationOf"/>
    public static int TurnOf(string row) => int.Parse(row.AsSpan(10, 8), NumberStyles.HexNumber);

    /// <summary>Whether the step that wrote a history or outbox row was stored to its end.</summary>
    public static bool IsCommitted(string row, InstanceState state) =>
        GenerationOf(row) < state.Generation || TurnOf(row) < state.Turns;

    /// <exception cref="ArgumentException">The text cannot be an instance id.</exception>
    public static void RefuseBadInstanceId(string instanceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        if (instanceId.Length > LongestInstanceId || instanceId[0] == '@' || instanceId.Any(char.IsControl))
            throw new ArgumentException(
                $"An instance id has 1 to {LongestInstanceId} characters, none of them a control character, and does not start with '@'.",
                nameof(instanceId));
    }

    /// <summary>What a table key must not hold (/ \ # ? and control characters), and our own mark, as "$" and four hexadecimal digits.</summary>
    public static string Escape(string text)
    {
        if (!text.Any(MustEscape)) return text;
        var result = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (MustEscape(c)) result.Append('$').Append(((int)c).ToString("x4"));
            else result.Append(c);
        }
        return result.ToString();
    }

    private static bool MustEscape(char c) => c is '/' or '\\' or '#' or '?' or '%' or '$' || char.IsControl(c);
}
