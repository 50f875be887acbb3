using System.Security.Cryptography;
using System.Text.Json;
using ClickToDial.Contracts.Calls;
using ClickToDial.Media.Recording;

namespace ClickToDial.Calls.Recording;

/// <summary>
/// The folder in which recordings lie until somebody has fetched them and says so: a WAV file and a card each. Nothing here
/// overwrites a file or deletes one by itself.
/// </summary>
public sealed class RecordingShelf
{
    private const string Sound = ".wav";
    private const string Card = ".json";

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
        if (!IsId(id) || TryReadCard(id) is not { Finished: true }) return null;
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
        if (TryReadCard(id) is { Finished: false }) return false;
        File.Delete(PathOf(id));
        File.Delete(CardOf(id));
        return true;
    }

    internal string PathOf(string id) => Path.Combine(_folder, id + Sound);

    /// <summary>Durably, so that no sound lies here of which nobody knows whose it is.</summary>
    /// <exception cref="IOException">There is one of that id, or the disk refuses.</exception>
    internal void Begin(RecordingCard card) => Write(card, FileMode.CreateNew);

    internal void Finish(RecordingCard card) => Write(card with { Finished = true }, FileMode.Create);

    internal IReadOnlyList<RecordingCard> Unfinished() =>
    [
        .. System.IO.Directory.EnumerateFiles(_folder, "*" + Card).Order(StringComparer.Ordinal)
            .Select(path => TryReadCard(Path.GetFileNameWithoutExtension(path))).OfType<RecordingCard>().Where(card => !card.Finished),
    ];

    /// <summary>Size, length and hash of a closed file.</summary>
    internal async Task<RecordingSummary> DescribeAsync(RecordingCard card, string? problem, CancellationToken stop)
    {
        await using var file = new FileStream(PathOf(card.Id), FileMode.Open, FileAccess.Read, FileShare.Read, 256 * 1024, FileOptions.Asynchronous);
        var header = new byte[44];
        await file.ReadExactlyAsync(header, stop);
        file.Position = 0;
        var hash = await SHA256.HashDataAsync(file, stop);
        var perSecond = BitConverter.ToInt32(header, 28);
        return new RecordingSummary(
            card.RecordingId, LocationOf(card.Id), (double)(file.Length - header.Length) / perSecond, file.Length, problem, Convert.ToHexStringLower(hash));
    }

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

    private void Write(RecordingCard card, FileMode mode)
    {
        using var file = new FileStream(CardOf(card.Id), mode, FileAccess.Write);
        JsonSerializer.Serialize(file, card, RecordingJson.Default.RecordingCard);
        file.Flush(flushToDisk: true);
    }
}
