using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ClickToDial.Calls.Directory;

namespace ClickToDial.Calls.RemoteControl;

/// <summary>Frames to a page. Calls carry the members of older and of newer pages, so that either finds its own.</summary>
internal static class RemoteFrameWriter
{
    /// <summary>All calls of the user: what is not in the list has ended.</summary>
    public static byte[] CallState(IEnumerable<UserCall> calls, CallDirectory? directory) => Frame("call-state", writer =>
    {
        writer.WriteStartArray("calls"u8);
        foreach (var call in calls) Write(writer, call, directory);
        writer.WriteEndArray();
    });

    /// <summary>Users of the domain, with the calls of each where they may be seen.</summary>
    public static byte[] DomainState(string domain, IEnumerable<RemoteAccount> accounts, CallDirectory? directory) => Frame("domain-state", writer =>
    {
        writer.WriteString("domain"u8, domain);
        writer.WriteStartArray("accounts"u8);
        foreach (var account in accounts) Write(writer, account, directory);
        writer.WriteEndArray();
    });

    /// <summary>Somebody calls.</summary>
    public static byte[] CallerId(UserCall call, CallDirectory? directory) => Frame("callerid", writer =>
    {
        writer.WriteString("callid"u8, call.Call.CallId.Value);
        writer.WriteString("name"u8, UserCall.NameOf(directory, call.Call.Call.Domain, call.From) ?? "");
        writer.WriteString("number"u8, call.From);
    });

    public static byte[] Recording(UserCall call, bool on) => Frame(on ? "rec-start" : "rec-stop", writer =>
    {
        writer.WriteString("id"u8, call.Call.CallId.Value);
        writer.WriteString("callid"u8, call.Call.CallId.Value);
    });

    /// <summary>Ours: why what was asked for was not done.</summary>
    public static byte[] Refused(string action, string reason, string? id = null, string? to = null) => Frame("refused", writer =>
    {
        writer.WriteString("of"u8, action);
        writer.WriteString("reason"u8, reason);
        if (id is not null) writer.WriteString("id"u8, id);
        if (to is not null) writer.WriteString("to"u8, to);
    });

    /// <summary>Ours: the hook that failed, as <c>ErrorEvent</c> tells browsers that call by SIP.</summary>
    public static byte[] HookFailed(string method, string reason, string? id) => Frame("error-event", writer =>
    {
        writer.WriteString("of"u8, method);
        writer.WriteString("reason"u8, reason);
        if (id is not null) writer.WriteString("id"u8, id);
    });

    private static void Write(Utf8JsonWriter writer, RemoteAccount account, CallDirectory? directory)
    {
        writer.WriteStartObject();
        writer.WriteString("account"u8, account.Name);
        writer.WriteString("name"u8, account.DisplayName);
        writer.WriteString("type"u8, "extensions"u8);
        writer.WriteBoolean("registered"u8, account.IsRegistered);
        writer.WriteBoolean("dnd"u8, false);
        if (account.Calls is { } calls)
        {
            writer.WriteStartArray("calls"u8);
            foreach (var call in calls) Write(writer, call, directory);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, UserCall call, CallDirectory? directory)
    {
        var (domain, from, to) = (call.Call.Call.Domain, call.From, call.To);
        var (fromName, toName) = (UserCall.NameOf(directory, domain, from) ?? "", UserCall.NameOf(directory, domain, to) ?? "");
        writer.WriteStartObject();
        writer.WriteString("id"u8, call.Call.CallId.Value);
        writer.WriteString("from-number"u8, from);
        writer.WriteString("from-name"u8, fromName);
        writer.WriteString("to-number"u8, to);
        writer.WriteString("to-name"u8, toName);
        writer.WriteString("state"u8, call.IsConnected ? "connected"u8 : "alerting"u8);
        writer.WriteString("connect"u8, Seconds(call.Call.ConnectedAt)?.ToString(CultureInfo.InvariantCulture) ?? "");
        writer.WriteStartArray("extension"u8);
        foreach (var device in call.Devices) writer.WriteStringValue(device);
        writer.WriteEndArray();
        writer.WriteString("direction"u8, call.IsIncoming ? "in"u8 : "out"u8);
        writer.WriteString("callstate"u8, call.WordOfOld);
        writer.WriteString("from"u8, Address(fromName, from, domain));
        writer.WriteString("to"u8, Address(toName, to, domain));
        writer.WriteNumber("start"u8, call.Call.Call.StartedAt.ToUnixTimeSeconds());
        writer.WriteString("cmc"u8, ""u8);
        writer.WriteString("rec"u8, call.Call.Talk?.RecordingId is null ? ""u8 : "adhoc"u8);
        writer.WriteEndObject();
    }

    private static long? Seconds(DateTimeOffset? time) => time?.ToUnixTimeSeconds();

    private static string Address(string name, string number, string domain)
    {
        var quoted = name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return name.Length == 0 ? $"<sip:{number}@{domain}>" : $"\"{quoted}\" <sip:{number}@{domain}>";
    }

    private static byte[] Frame(string action, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("action"u8, action);
        members(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
