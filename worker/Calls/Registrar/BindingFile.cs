using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Registrar;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Binding))]
internal sealed partial class BindingJson : JsonSerializerContext;

/// <summary>
/// Keeps the bindings over a restart: one JSON line each, the whole file written aside and put in place by a rename, at most
/// once per interval and only after changes. A crash loses the registrations of the last interval; their devices come again.
/// </summary>
public sealed class BindingFile : IAsyncDisposable
{
    private readonly BindingStore _store;
    private readonly string _path;
    private readonly ILogger _logger;
    private readonly PeriodicTimer _timer;
    private readonly Task _loop;
    private int _written;

    /// <summary>Reads what is there into the store and begins to follow it.</summary>
    public BindingFile(BindingStore store, string path, TimeSpan interval, TimeProvider time, ILogger<BindingFile> logger)
    {
        _store = store;
        _path = path;
        _logger = logger;
        store.Restore(Read());
        _written = store.Changes;
        _timer = new PeriodicTimer(interval, time);
        _loop = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _loop;
        WriteIfChanged();
    }

    private async Task RunAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            _store.Purge();
            WriteIfChanged();
        }
    }

    private void WriteIfChanged()
    {
        var changes = _store.Changes;
        if (changes == _written) return;
        try
        {
            var aside = _path + ".new";
            using (var file = new FileStream(aside, FileMode.Create, FileAccess.Write))
            {
                foreach (var binding in _store.All())
                {
                    JsonSerializer.Serialize(file, binding, BindingJson.Default.Binding);
                    file.WriteByte((byte)'\n');
                }
                file.Flush(flushToDisk: true);
            }
            File.Move(aside, _path, overwrite: true);
            _written = changes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RegistrarLog.FileRefuses(_logger, e);
        }
    }

    private List<Binding> Read()
    {
        var bindings = new List<Binding>();
        if (!File.Exists(_path)) return bindings;
        try
        {
            foreach (var line in File.ReadLines(_path))
                if (Parse(line) is { } binding)
                    bindings.Add(binding);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RegistrarLog.FileRefuses(_logger, e);
        }
        return bindings;
    }

    // A damaged line costs one registration, not all.
    private Binding? Parse(string line)
    {
        try
        {
            var binding = JsonSerializer.Deserialize(line, BindingJson.Default.Binding);
            return binding is { Domain: not null, User: not null, Device: not null, Contact: not null, Source: not null, CallId: not null }
                && System.Net.IPEndPoint.TryParse(binding.Source, out _) ? binding : null;
        }
        catch (JsonException)
        {
            RegistrarLog.LineDamaged(_logger);
            return null;
        }
    }
}
