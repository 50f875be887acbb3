using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace ClickToDial.Sip.Resolution;

/// <summary>Writes questions and reads answers of the DNS (RFC 1035). Reading never throws, whatever a server sends.</summary>
internal static class DnsMessage
{
    private const int HeaderBytes = 12;
    private const int MaxRecords = 128;
    private const ushort Internet = 1;

    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(1);

    /// <summary>One question with recursion wanted; null for a name the DNS cannot hold.</summary>
    public static byte[]? Question(ushort id, string name, DnsType type)
    {
        if (name.Length is 0 or > 253) return null;
        var labels = name.Split('.');
        if (Array.Exists(labels, l => l.Length is 0 or > 63 || !l.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))) return null;
        var bytes = new byte[HeaderBytes + name.Length + 2 + 4];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, id);
        bytes[2] = 1; // Recursion desired.
        bytes[5] = 1; // One question.
        var at = HeaderBytes;
        foreach (var label in labels)
        {
            bytes[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, bytes.AsSpan(at));
        }
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at + 1), (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at + 3), Internet);
        return bytes;
    }

    /// <summary>
    /// Reads an answer to one question. Null when it is malformed or no answer. Records of other types, and those whose
    /// contents cannot be read, are left out; of a truncated answer (over UDP) the records do not matter.
    /// </summary>
    public static DnsReply? Read(ReadOnlySpan<byte> message)
    {
        var reader = new DnsReader(message);
        if (!reader.TryUInt16(out var id) || !reader.TryUInt16(out var flags) || !reader.TryUInt16(out var questions)
            || !reader.TryUInt16(out var answers) || !reader.TryUInt16(out var authorities) || !reader.TryUInt16(out _)) return null;
        if ((flags & 0xF800) != 0x8000 || questions != 1) return null; // An answer to an ordinary query.
        if (!reader.TryName(out var name) || !reader.TryUInt16(out var type) || !reader.TryUInt16(out var network) || network != Internet) return null;
        var truncated = (flags & 0x0200) != 0;
        List<DnsRecord> found = [];
        TimeSpan? negative = null;
        if (!truncated && !(TryRecords(ref reader, answers, found, ref negative) && TryRecords(ref reader, authorities, null, ref negative))) return null;
        return new DnsReply(id, flags & 0xF, truncated, name, (DnsType)type, found, negative);
    }

    private static bool TryRecords(ref DnsReader reader, int count, List<DnsRecord>? into, ref TimeSpan? negative)
    {
        if (count > MaxRecords) return false;
        for (; count > 0; count--)
        {
            if (!reader.TryName(out var name) || !reader.TryUInt16(out var type) || !reader.TryUInt16(out var network)
                || !reader.TryUInt32(out var seconds) || !reader.TryUInt16(out var length) || reader.Left < length) return false;
            var end = reader.At + length;
            var life = LifeOf(seconds);
            if (network == Internet && into is not null && Contents(reader, length, name, (DnsType)type, life) is { } record) into.Add(record);
            if (network == Internet && into is null && (DnsType)type == DnsType.Soa) negative = NegativeLife(reader, life) ?? negative;
            reader.At = end;
        }
        return true;
    }

    // RFC 2181 section 8: a lifetime with the top bit set counts as none.
    private static TimeSpan LifeOf(uint seconds) =>
        seconds > int.MaxValue ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(seconds, LongestLife.TotalSeconds));

    private static DnsRecord? Contents(DnsReader reader, int length, string name, DnsType type, TimeSpan life) => type switch
    {
        DnsType.A when length == 4 && reader.TryBytes(4, out var v4) => new AddressRecord(name, type, life, new IPAddress(v4)),
        DnsType.Aaaa when length == 16 && reader.TryBytes(16, out var v6) => new AddressRecord(name, type, life, new IPAddress(v6)),
        DnsType.Cname when reader.TryName(out var target) => new AliasRecord(name, life, target),
        DnsType.Srv => Service(reader, name, life),
        DnsType.Naptr => Pointer(reader, name, life),
        _ => null,
    };

    private static SrvRecord? Service(DnsReader reader, string name, TimeSpan life) =>
        reader.TryUInt16(out var priority) && reader.TryUInt16(out var weight) && reader.TryUInt16(out var port) && reader.TryName(out var target)
            ? new SrvRecord(name, life, priority, weight, port, target)
            : null;

    private static NaptrRecord? Pointer(DnsReader reader, string name, TimeSpan life) =>
        reader.TryUInt16(out var order) && reader.TryUInt16(out var preference) && reader.TryText(out var flags)
        && reader.TryText(out var services) && reader.TryText(out _) && reader.TryName(out var replacement)
            ? new NaptrRecord(name, life, order, preference, flags, services, replacement)
            : null;

    // RFC 2308 section 5: the smaller of the record's own life and its minimum field.
    private static TimeSpan? NegativeLife(DnsReader reader, TimeSpan life)
    {
        if (!reader.TryName(out _) || !reader.TryName(out _) || !reader.TryBytes(16, out _) || !reader.TryUInt32(out var minimum)) return null;
        var least = LifeOf(minimum);
        return least < life ? least : life;
    }
}
