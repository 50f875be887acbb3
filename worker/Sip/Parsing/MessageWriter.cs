using System.Buffers;
using System.Text;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Parsing;

/// <summary>Writes messages. Content-Length always comes from the body; parsed headers go out as the bytes they came in as.</summary>
public static class MessageWriter
{
    public static void Write(SipMessage message, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(output);
        WriteStartLine(message, output);
        var headers = message.Headers;
        for (var i = 0; i < headers.Count; i++)
            if (headers.FieldAt(i).Id != HeaderName.ContentLength) WriteField(ref headers.FieldAt(i), output);
        output.Write("Content-Length: "u8);
        WriteNumber(message.Body.Length, output);
        output.Write("\r\n\r\n"u8);
        output.Write(message.Body.Span);
    }

    /// <summary>The message as one array, for tests and for peers of other transports.</summary>
    public static byte[] ToArray(SipMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        Write(message, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteStartLine(SipMessage message, IBufferWriter<byte> output)
    {
        if (message is SipRequest request)
        {
            WriteText(request.Method.Name, output);
            output.Write(" "u8);
            WriteText(request.Uri.ToString(), output);
            output.Write(" SIP/2.0\r\n"u8);
            return;
        }
        var response = (SipResponse)message;
        output.Write("SIP/2.0 "u8);
        WriteNumber(response.Status, output);
        output.Write(" "u8);
        WriteText(response.Reason, output);
        output.Write("\r\n"u8);
    }

    private static void WriteField(ref SipHeaders.Field field, IBufferWriter<byte> output)
    {
        if (field.Id == HeaderName.Other) WriteText(field.Name!, output);
        else output.Write(HeaderNames.Utf8(field.Id));
        output.Write(": "u8);
        if (field.Source is not null) output.Write(field.Source.AsSpan(field.Start, field.Length));
        else WriteText(field.Text!, output);
        output.Write("\r\n"u8);
    }

    private static void WriteNumber(int value, IBufferWriter<byte> output)
    {
        var span = output.GetSpan(11);
        value.TryFormat(span, out var written);
        output.Advance(written);
    }

    // Guarded when it was set; asserted again here, because this is the last place that can.
    private static void WriteText(string text, IBufferWriter<byte> output)
    {
        WireText.Require(text);
        output.Advance(Encoding.UTF8.GetBytes(text, output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
    }
}
