using System.Security.Cryptography;
using System.Text.Json;
using ClickToDial.Contracts.Calls;
using ClickToDial.Media.Recording;

namespace ClickToDial.Calls.Recording;

/// <summary>
/// The folder in which recordings lie until somebody has fetched them and says so: a WAV file and a card each. Nothing here
/// overwrites a file or deletes one by itself; what nobody fetches, <see cref="RecordingRetention"/> lets go of.
/// </summary>
public sealed class RecordingShelf
{
    private const string Sound = ".wav";
    private const string Card = ".json";
    private const string Part = ".part";
    private const int HeaderLength = 44;

    private readonly string _folder;

    /// <exception cref="IOException">The folder cannot be made.</exception>
    public RecordingShelf(string folder)
    {
        _folder = System.IO.Directory.CreateDirectory(folder).FullName;
    }

    internal long FreeMegabytes => new DriveInfo(_folder).AvailableFreeSpace >> 20;

    /// <summary>The id of a recording among those of all calls; safe in a URL and as a file name.</summary>
    public static string IdOf(CallId call, string recordingId) => $"{call.Value}.{recordingId}";

    /// <summary>Where the control API has it, relative to the worker's address.</summary>
    internal static Uri LocationOf(string id) => new($"control/recordings/{id}", UriKind.Relative);

    /// <summary>Opens a finished recording; null when there is none of that id.</summary>
    public FileStream? TryOpen(string id)
    {
        if (!IsId(id) || TryReadCard(id) is not { Closed: true }) return null;
        try
        {
            return new FileStream(PathOf(id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whoever fetched it has it safe. Again does nothing; a recording under way stays.</summary>
    /// <returns>False when it is under way.</returns>
    public bool TryRemove(string id)
    {
        if (!IsId(id)) return true;
        if (!File.Exists(CardOf(id)) && !File.Exists(PathOf(id))) return true;
        // A card that cannot be read says nothing, and so it says that the file stays.
        if (TryReadCard(id) is not { Closed: true }) return false;
        File.Delete(PathOf(id));
        File.Delete(CardOf(id));
        return true;
    }

    internal string PathOf(string id) => Path.Combine(_folder, id + Sound);

    /// <summary>Durably, so that no sound lies here of which nobody knows whose it is.</summary>
    /// <exception cref="IOException">There is one of that id, or the disk refuses.</exception>
    internal void Begin(RecordingCard card)
    {
        if (File.Exists(CardOf(card.Id))) throw new IOException("There is a recording of this id.");
        Write(card);
    }

    internal void Close(RecordingCard card) => Write(card with { Closed = true });

    internal void Tell(RecordingCard card) => Write(card with { Closed = true, Told = true });

    internal IReadOnlyList<RecordingCard> Untold() =>
    [
        .. System.IO.Directory.EnumerateFiles(_folder, "*" + Card).Order(StringComparer.Ordinal)
            .Select(path => TryReadCard(Path.GetFileNameWithoutExtension(path))).OfType<RecordingCard>().Where(card => !card.Told),
    ];

    /// <summary>A file that was just closed, without reading it again.</summary>
    internal RecordingSummary Describe(RecordingCard card, TimeSpan length, string hash, string? problem) =>
        new(card.RecordingId, LocationOf(card.Id), length.TotalSeconds, new FileInfo(PathOf(card.Id)).Length, problem, hash);

    /// <summary>Size, length and hash of a file whose writer is gone.</summary>
    internal async Task<RecordingSummary> DescribeAsync(RecordingCard card, string? problem, CancellationToken stop)
    {
        await using var file = new FileStream(PathOf(card.Id), FileMode.Open, FileAccess.Read, FileShare.Read, 256 * 1024, FileOptions.Asynchronous);
        var header = new byte[HeaderLength];
        await file.ReadExactlyAsync(header, stop);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, stop));
        return Describe(card, TimeSpan.FromSeconds((double)(file.Length - header.Length) / BitConverter.ToInt32(header, 28)), hash, problem);
    }

    /// <summary>Finished recordings, oldest first.</summary>
    internal IReadOnlyList<WaitingRecording> Waiting() =>
    [
        .. new DirectoryInfo(_folder).EnumerateFiles("*" + Card)
            .Select(file => Path.GetFileNameWithoutExtension(file.Name)).Where(id => TryReadCard(id) is { Closed: true } && File.Exists(PathOf(id)))
            .Select(id => new FileInfo(PathOf(id))).Select(file => new WaitingRecording(Path.GetFileNameWithoutExtension(file.Name), file.Length, file.LastWriteTimeUtc))
            .OrderBy(file => file.FinishedAt),
    ];

    /// <summary>Files of sound on the disk, those under way among them, and their bytes.</summary>
    internal (int Files, long Bytes) Load()
    {
        var files = new DirectoryInfo(_folder).GetFiles("*" + Sound);
        return (files.Length, files.Sum(file => file.Length));
    }

    /// <summary>False when whoever fetched it has said so already.</summary>
    internal bool Has(string id) => File.Exists(CardOf(id));

    /// <summary>Closes the file of a process that died; false when it holds no sound.</summary>
    internal bool Mend(string id) => File.Exists(PathOf(id)) && WavRepair.Repair(PathOf(id)) != WavCondition.NotOurs;

    internal void Discard(string id)
    {
        File.Delete(PathOf(id));
        File.Delete(CardOf(id));
    }

    private static bool IsId(string id) =>
        id.Length is > 0 and <= 128 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && !id.Contains("..", StringComparison.Ordinal);

    private string CardOf(string id) => Path.Combine(_folder, id + Card);

    private RecordingCard? TryReadCard(string id)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(CardOf(id)), RecordingJson.Default.RecordingCard);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null; // none, or torn by a crash before any sound was written
        }
    }

    // The old card or the new one, never half of one.
    private void Write(RecordingCard card)
    {
        var part = CardOf(card.Id) + Part;
        using (var file = new FileStream(part, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, card, RecordingJson.Default.RecordingCard);
            file.Flush(flushToDisk: true);
        }
        File.Move(part, CardOf(card.Id), overwrite: true);
    }
}
