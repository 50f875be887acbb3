using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using ClickToDial.Contracts.Calls;

namespace ClickToDial.Calls.Events;

/// <summary>What a record of the spool says.</summary>
public enum SpoolRecordKind : byte
{
    /// <summary>A call event, to be posted.</summary>
    Event = 1,

    /// <summary>Opens the list of calls that were open when the segment began.</summary>
    CheckpointBegin = 2,

    /// <summary>One call that was open: its started event, with the last sequence number used.</summary>
    OpenCall = 3,

    /// <summary>Closes the list; without it the list is worth nothing.</summary>
    CheckpointEnd = 4,

    /// <summary>One call that had ended not long before: its terminal event without legs.</summary>
    EndedCall = 5,
}

public enum SpoolReadVerdict
{
    Record,

    /// <summary>The bytes end before the record does.</summary>
    NeedMore,

    /// <summary>These bytes were never a whole record: a torn write or a damaged file.</summary>
    Damaged,
}

/// <summary>
/// One record of a spool segment. On disk, little endian:
/// <code>
/// length:4  crc32c:4  kind:1  type:1  sequence:4  idLength:1  id:idLength  json:rest
/// </code>
/// The length counts what follows the checksum; the checksum covers the same bytes.
/// </summary>
public readonly ref struct SpoolRecord
{
    public const int FrameBytes = 8;

    /// <summary>Far above any event; what is longer is damage.</summary>
    public const int MaxBody = 1 << 20;

    private const int FixedBody = 7;

    public SpoolRecordKind Kind { get; private init; }

    /// <summary>The numeric <see cref="Contracts.Events.CallEventType"/>.</summary>
    public byte Type { get; private init; }

    public int Sequence { get; private init; }

    public ReadOnlySpan<byte> Id { get; private init; }

    public ReadOnlySpan<byte> Json { get; private init; }

    /// <summary>Bytes of the whole record on disk.</summary>
    public int Size { get; private init; }

    public static SpoolReadVerdict TryRead(ReadOnlySpan<byte> bytes, out SpoolRecord record)
    {
        record = default;
        if (bytes.Length < FrameBytes) return SpoolReadVerdict.NeedMore;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length is < FixedBody or > MaxBody) return SpoolReadVerdict.Damaged;
        if (bytes.Length < FrameBytes + length) return SpoolReadVerdict.NeedMore;
        var body = bytes.Slice(FrameBytes, length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) != Checksum(body)) return SpoolReadVerdict.Damaged;
        var idLength = body[6];
        if (FixedBody + idLength > length) return SpoolReadVerdict.Damaged;
        record = new SpoolRecord
        {
            Kind = (SpoolRecordKind)body[0],
            Type = body[1],
            Sequence = BinaryPrimitives.ReadInt32LittleEndian(body[2..]),
            Id = body.Slice(FixedBody, idLength),
            Json = body[(FixedBody + idLength)..],
            Size = FrameBytes + length,
        };
        return SpoolReadVerdict.Record;
    }

    public static void Write(
        IBufferWriter<byte> output, SpoolRecordKind kind, byte type, int sequence, CallId id, ReadOnlySpan<byte> json)
    {
        var idText = id.Value;
        var length = FixedBody + idText.Length + json.Length;
        var bytes = output.GetSpan(FrameBytes + length);
        var body = bytes.Slice(FrameBytes, length);
        body[0] = (byte)kind;
        body[1] = type;
        BinaryPrimitives.WriteInt32LittleEndian(body[2..], sequence);
        body[6] = (byte)idText.Length; // A call id has at most 64 ASCII characters.
        Encoding.ASCII.GetBytes(idText, body[FixedBody..]);
        json.CopyTo(body[(FixedBody + idText.Length)..]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], Checksum(body));
        output.Advance(FrameBytes + length);
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words) crc = BitOperations.Crc32C(crc, word);
        foreach (var b in bytes[(words.Length * sizeof(ulong))..]) crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
