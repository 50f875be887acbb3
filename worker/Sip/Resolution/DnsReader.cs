using System.Buffers.Binary;
using System.Text;

namespace ClickToDial.Sip.Resolution;

/// <summary>A place in a DNS message (RFC 1035 section 4.1). Every read says whether it stayed inside; none throws.</summary>
internal ref struct DnsReader(ReadOnlySpan<byte> message)
{
    private const int MaxNameBytes = 255;

    private readonly ReadOnlySpan<byte> _message = message;

    public int At { get; set; }

    public readonly int Left => _message.Length - At;

    public bool TryByte(out int value)
    {
        value = Left > 0 ? _message[At] : 0;
        At++;
        return At <= _message.Length;
    }

    public bool TryUInt16(out ushort value)
    {
        value = 0;
        if (Left < 2) return false;
        value = BinaryPrimitives.ReadUInt16BigEndian(_message[At..]);
        At += 2;
        return true;
    }

    public bool TryUInt32(out uint value)
    {
        value = 0;
        if (Left < 4) return false;
        value = BinaryPrimitives.ReadUInt32BigEndian(_message[At..]);
        At += 4;
        return true;
    }

    public bool TryBytes(int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (count < 0 || Left < count) return false;
        bytes = _message.Slice(At, count);
        At += count;
        return true;
    }

    /// <summary>A counted string of printable ASCII (RFC 1035 section 3.3).</summary>
    public bool TryText(out string text)
    {
        text = "";
        if (!TryByte(out var count) || !TryBytes(count, out var bytes) || bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~')) return false;
        text = Encoding.ASCII.GetString(bytes);
        return true;
    }

    /// <summary>
    /// A name, through its compression (section 4.1.4). A pointer must lead to before the part it stands in, so no message can
    /// make a loop. Labels with anything but letters, digits, hyphen and underscore are refused: no host of ours has them.
    /// </summary>
    public bool TryName(out string name)
    {
        name = "";
        var text = new StringBuilder(64);
        var (at, limit, end) = (At, At, -1);
        while (true)
        {
            if (at >= _message.Length) return false;
            int length = _message[at];
            if (length == 0) break;
            if (length >= 0xC0)
            {
                if (at + 1 >= _message.Length) return false;
                if (end < 0) end = at + 2;
                at = ((length & 0x3F) << 8) | _message[at + 1];
                if (at >= limit) return false;
                limit = at;
                continue;
            }
            if (length > 63 || at + 1 + length > _message.Length || text.Length + length + 1 > MaxNameBytes - 2) return false;
            if (!TryLabel(text, _message.Slice(at + 1, length))) return false;
            at += 1 + length;
        }
        At = end < 0 ? at + 1 : end;
        name = text.ToString();
        return true;
    }

    private static bool TryLabel(StringBuilder text, ReadOnlySpan<byte> label)
    {
        if (text.Length > 0) text.Append('.');
        foreach (var octet in label)
        {
            var c = (char)octet;
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) return false;
            text.Append(char.ToLowerInvariant(c));
        }
        return true;
    }
}
