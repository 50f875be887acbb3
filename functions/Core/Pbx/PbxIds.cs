using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClickToDial.Contracts.Calls;

namespace ClickToDial.Core.Pbx;

/// <summary>
/// Ids for what PBXes tell, made of what identifies it, so that the same thing told twice is the same thing here. A PBX's own call id
/// may hold any character, and several users' calls may share one.
/// </summary>
public static class PbxIds
{
    private const int Length = 40;

    /// <summary>One user's part of a call.</summary>
    public static CallId Call(PbxEvent e, string direction, string user) =>
        CallId.Parse("pbx-" + Hash("call", e.UniqueCallId ?? $"{e.CallerId}|{e.DestNumber}|{Text(e.CallStartAt)}", direction, user));

    public static string Item(PbxEvent e, ReadOnlySpan<byte> body) => e.Type == PbxEventType.Unknown
        ? Hash("unknown", Convert.ToHexString(SHA256.HashData(body)))
        : Hash(
            PbxEventTypes.NameOf(e.Type), e.UniqueCallId, e.GroupName, e.UserNumber, e.CallerId, e.DestNumber, e.ComponentName,
            Text(e.CallStartAt), Text(e.RecordedAt), e.RecordingLink, e.AudioFiles is { Count: > 0 } files ? files[0] : null);

    /// <summary>A name or id of any characters, safe in a table key.</summary>
    public static string Key(string text) => Hash("key", text);

    private static string? Text(DateTimeOffset? time) => time?.UtcTicks.ToString(CultureInfo.InvariantCulture);

    // The separator cannot be part of a text that came as JSON and was not escaped; escaped, it only makes another id.
    private static string Hash(params ReadOnlySpan<string?> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', parts))))[..Length];
}
