using System.Diagnostics;
using System.Text.Json;
using ClickToDial.Calls.Bridging;
using ClickToDial.Contracts.Telemetry;

namespace ClickToDial.Calls.Events;

/// <summary>The span of one post of an event. It continues the call, also after a restart: the event itself says what it belongs to.</summary>
internal static class PostTrace
{
    /// <summary>Null when nobody listens.</summary>
    public static Activity? Begin(ReadOnlySpan<byte> json)
    {
        if (!CallTrace.Source.HasListeners()) return null;
        var (parent, type) = Read(json);
        return CallTrace.Source.Begin("post event", ActivityKind.Producer, parent)?.SetTag("event.type", type);
    }

    private static (string? TraceParent, string? Type) Read(ReadOnlySpan<byte> json)
    {
        string? parent = null, type = null;
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1) continue;
                if (reader.ValueTextEquals("traceParent"u8) && reader.Read()) parent = reader.GetString();
                else if (reader.ValueTextEquals("type"u8) && reader.Read()) type = reader.GetString();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // An event of an older form: it is posted all the same.
        }
        return (parent, type);
    }
}
