using System.Buffers;
using System.Text.Json.Nodes;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Hooks;

/// <summary>
/// <c>inviteParameters</c>: headers that a domain's back end adds to the INVITE to the far end. Only names that begin with <c>X-</c>, so that
/// none can stand for a header that signalling reads or that we write.
/// </summary>
internal static class InviteParameters
{
    public const string Field = "inviteParameters";
    public const int Most = 16;
    public const int MaxName = 64;

    /// <summary>In bytes, so that all of them leave room in a message for the rest.</summary>
    public const int MaxValue = 256;

    private const string Prefix = "X-";
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>What may be passed on; what may not is left out, and the rest goes all the same.</summary>
    /// <param name="leftOut">How many were left out.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(JsonNode? node, out int leftOut)
    {
        leftOut = 0;
        if (node is not JsonObject members) return [];
        var read = new List<KeyValuePair<string, string>>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, member) in members)
        {
            if (read.Count < Most && IsName(name) && HookJson.Text(member) is { } value && IsValue(value) && names.Add(name)) read.Add(new(name, value));
            else leftOut++;
        }
        return read;
    }

    private static bool IsName(string name) =>
        name.Length is > 2 and <= MaxName && name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        && !name.AsSpan().ContainsAnyExcept(NameCharacters) && HeaderNames.Find(name) == HeaderName.Other;

    // A line break would begin a header of its own (RFC 3261 section 7.3.1), and nobody needs the other controls.
    private static bool IsValue(string value) => System.Text.Encoding.UTF8.GetByteCount(value) <= MaxValue && !value.Any(char.IsControl) && WireText.IsSafe(value);
}
