using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ClickToDial.Calls.Events;

/// <summary>
/// One file of the spool and, beside it, the file that says which of its events were accepted. The log is only ever appended
/// to, by the process that made it. The acknowledgement file is a list of event ordinals plus one, 4 bytes each: zeros that a
/// crashed file system may leave mean nothing, and a lost entry costs one repeated post, which ingest recognises by its id.
/// </summary>
/// <remarks>The writer appends and publishes <see cref="DurableLength"/>; everything else belongs to the sender's loop.</remarks>
internal sealed class SpoolSegment : IDisposable
{
    private const string LogSuffix = ".log";
    private const string AckSuffix = ".ack";

    private readonly string _folder;
    private readonly SafeFileHandle _log;
    private readonly List<int> _unwrittenAcks = [];
    private SafeFileHandle? _ack;
    private readonly BitArray _acked = new(0);
    private long _durableLength;
    private volatile bool _sealed;

    private SpoolSegment(string folder, int number, SafeFileHandle log)
    {
        _folder = folder;
        Number = number;
        _log = log;
    }

    public int Number { get; }

    /// <summary>Bytes that are on disk for good and may be read.</summary>
    public long DurableLength => Interlocked.Read(ref _durableLength);

    /// <summary>True when nothing more will be appended.</summary>
    public bool IsSealed => _sealed;

    /// <summary>Events known to be accepted.</summary>
    public int AckedCount { get; private set; }

    /// <summary>Events in the segment, once the reader has been through all of it; -1 before.</summary>
    public int EventCount { get; set; } = -1;

    public bool IsDone => IsSealed && EventCount >= 0 && AckedCount >= EventCount;

    private string LogPath => PathOf(_folder, Number, LogSuffix);

    private string AckPath => PathOf(_folder, Number, AckSuffix);

    public static SpoolSegment Create(string folder, int number)
    {
        var log = File.OpenHandle(PathOf(folder, number, LogSuffix), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read);
        FolderSync.Force(folder); // A synced file whose name is not yet on disk is gone after a power cut.
        return new SpoolSegment(folder, number, log);
    }

    /// <summary>Opens what an earlier process left, for reading.</summary>
    public static SpoolSegment Open(string folder, int number)
    {
        var log = File.OpenHandle(PathOf(folder, number, LogSuffix), FileMode.Open, FileAccess.Read, FileShare.Read);
        var segment = new SpoolSegment(folder, number, log) { _sealed = true, _durableLength = RandomAccess.GetLength(log) };
        segment.LoadAcks();
        return segment;
    }

    /// <summary>Numbers of the segments in the folder, oldest first.</summary>
    public static int[] Find(string folder)
    {
        var numbers = new List<int>();
        foreach (var path in System.IO.Directory.EnumerateFiles(folder, "*" + LogSuffix))
            if (int.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                numbers.Add(number);
        numbers.Sort();
        return [.. numbers];
    }

    /// <summary>Appends and waits until the disk has it. Writer only.</summary>
    public void AppendDurably(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_log, bytes, _durableLength);
        RandomAccess.FlushToDisk(_log);
        Interlocked.Add(ref _durableLength, bytes.Length);
    }

    public void Seal() => _sealed = true;

    public int Read(Span<byte> into, long offset)
    {
        var available = DurableLength - offset;
        return available <= 0 ? 0 : RandomAccess.Read(_log, into[..(int)Math.Min(available, into.Length)], offset);
    }

    public bool IsAcked(int ordinal) => ordinal < _acked.Length && _acked[ordinal];

    public void Ack(int ordinal)
    {
        if (!Mark(ordinal)) return;
        _unwrittenAcks.Add(ordinal + 1);
    }

    /// <summary>Writes what was acknowledged since the last time; not forced to disk.</summary>
    public void WriteAcks()
    {
        if (_unwrittenAcks.Count == 0) return;
        _ack ??= File.OpenHandle(AckPath, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        // A torn last entry of an earlier process is overwritten.
        var end = RandomAccess.GetLength(_ack) / sizeof(int) * sizeof(int);
        RandomAccess.Write(_ack, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_unwrittenAcks)), end);
        _unwrittenAcks.Clear();
    }

    public void Delete()
    {
        Dispose();
        // The log first: an acknowledgement file alone is nothing, a log alone would be posted again.
        File.Delete(LogPath);
        File.Delete(AckPath);
    }

    public void Dispose()
    {
        _log.Dispose();
        _ack?.Dispose();
    }

    private static string PathOf(string folder, int number, string suffix) =>
        Path.Combine(folder, number.ToString("D8", CultureInfo.InvariantCulture) + suffix);

    private void LoadAcks()
    {
        if (!File.Exists(AckPath)) return;
        var bytes = File.ReadAllBytes(AckPath);
        foreach (var entry in MemoryMarshal.Cast<byte, int>(bytes))
            // An event takes more than 8 bytes: a larger ordinal is damage.
            if (entry > 0 && entry <= _durableLength / SpoolRecord.FrameBytes)
                Mark(entry - 1);
    }

    private bool Mark(int ordinal)
    {
        if (ordinal >= _acked.Length) _acked.Length = Math.Max(1024, (ordinal + 1) * 2);
        if (_acked[ordinal]) return false;
        _acked[ordinal] = true;
        AckedCount++;
        return true;
    }
}
