using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using ClickToDial.Calls.Events;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Registrar;

/// <summary>A line of the file: all bindings of a user, as they are from then on.</summary>
internal sealed record UserBindings(string Domain, string User, IReadOnlyList<Binding> Bindings);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UserBindings))]
internal sealed partial class BindingJson : JsonSerializerContext;

/// <summary>
/// Keeps the bindings over a restart. A change is a line at the end of the file, and is forced to disk before its device hears
/// 200; one writer takes all changes that have gathered and forces them together, so a thousand a second cost some dozens of
/// syncs. When most lines are out of date the file is written anew beside itself and put in place by a rename.
/// </summary>
public sealed class BindingFile : IAsyncDisposable
{
    private const int MaxBatch = 4096;
    private const int SpareLines = 4096;

    private static readonly TimeSpan PurgeEvery = TimeSpan.FromMinutes(1);

    private readonly BindingStore _store;
    private readonly string _path;
    private readonly ILogger _logger;
    private readonly Channel<(string Domain, string User, Action Kept)> _changes =
        Channel.CreateUnbounded<(string, string, Action)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);
    private readonly ITimer _purge;
    private readonly Task _writing;
    private FileStream? _file;
    private int _lines;
    private bool _refuses;

    /// <summary>Reads what is there into the store.</summary>
    public BindingFile(BindingStore store, string path, TimeProvider time, ILogger<BindingFile> logger)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(time);
        (_store, _path, _logger) = (store, path, logger);
        store.Restore(Read());
        _purge = time.CreateTimer(_ => store.Purge(), null, PurgeEvery, PurgeEvery);
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>
    /// Calls <paramref name="kept"/>, on the writer's task, once the user's bindings are on disk as they are now. Also when the
    /// disk refuses: that is logged, and a phone that works until the next restart is better than one that does not.
    /// </summary>
    public void Keep(string domain, string user, Action kept)
    {
        if (!_changes.Writer.TryWrite((domain, user, kept))) kept();
    }

    public async ValueTask DisposeAsync()
    {
        _changes.Writer.TryComplete();
        await _writing;
        await _purge.DisposeAsync();
        if (_file is not null) await _file.DisposeAsync();
    }

    private async Task WriteAllAsync()
    {
        List<(string Domain, string User, Action Kept)> batch = [];
        while (await _changes.Reader.WaitToReadAsync())
        {
            while (batch.Count < MaxBatch && _changes.Reader.TryRead(out var change)) batch.Add(change);
            Write(batch.Select(change => (change.Domain, change.User)).ToHashSet());
            foreach (var change in batch) change.Kept();
            batch.Clear();
        }
    }

    private void Write(HashSet<(string Domain, string User)> users)
    {
        try
        {
            // Also after a failure, when nobody knows what the end of the file is like.
            if (_file is null || _lines + users.Count > (2 * _store.UserCount) + SpareLines)
            {
                WriteAnew();
                return;
            }
            Append(_file, users);
        }
        // The edge of the writer's task: whatever goes wrong here costs this write, not the answers to all REGISTERs from now on.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (!_refuses) RegistrarLog.FileRefuses(_logger, e); // Once, until it works again.
            _refuses = true;
            Close();
            return;
        }
        _refuses = false;
    }

    private void Append(FileStream file, IEnumerable<(string Domain, string User)> users)
    {
        _buffer.ResetWrittenCount();
        foreach (var (domain, user) in users)
        {
            using (var json = new Utf8JsonWriter(_buffer))
                JsonSerializer.Serialize(json, new UserBindings(domain, user, _store.Find(domain, user)), BindingJson.Default.UserBindings);
            _buffer.Write("\n"u8);
            _lines++;
        }
        file.Write(_buffer.WrittenSpan);
        file.Flush(flushToDisk: true);
    }

    private void WriteAnew()
    {
        Close();
        var aside = _path + ".new";
        var file = new FileStream(aside, FileMode.Create, FileAccess.Write);
        try
        {
            _lines = 0;
            Append(file, _store.All().Select(binding => (binding.Domain, binding.User)).ToHashSet());
            File.Move(aside, _path, overwrite: true);
            FolderSync.Force(Path.GetDirectoryName(Path.GetFullPath(_path))!);
            _file = file;
        }
        finally
        {
            if (_file is null) file.Dispose();
        }
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    private IEnumerable<Binding> Read()
    {
        var users = new Dictionary<(string, string), IReadOnlyList<Binding>>();
        if (!File.Exists(_path)) return [];
        try
        {
            foreach (var line in File.ReadLines(_path))
                if (Parse(line) is { } told)
                    users[(told.Domain, told.User)] = told.Bindings;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RegistrarLog.FileRefuses(_logger, e);
        }
        return users.Values.SelectMany(bindings => bindings).Where(IsWhole);
    }

    // A damaged line costs what it said, not all.
    private UserBindings? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, BindingJson.Default.UserBindings) is { Domain: not null, User: not null, Bindings: not null } told ? told : null;
        }
        catch (JsonException)
        {
            RegistrarLog.LineDamaged(_logger);
            return null;
        }
    }

    private static bool IsWhole(Binding? binding) =>
        binding is { Domain: not null, User: not null, Device: not null, Contact: not null, Source: not null, CallId: not null }
        && System.Net.IPEndPoint.TryParse(binding.Source, out _);
}
