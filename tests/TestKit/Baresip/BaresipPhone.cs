using ClickToDial.TestKit.Audio;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.TestKit.Baresip;

/// <summary>One baresip: a registered phone that says its tone from a sound file and records what it hears into another.</summary>
public sealed class BaresipPhone : IAsyncDisposable
{
    private readonly string _folder;
    private readonly ChildProcess _process;
    private readonly BaresipControl _control;
    private readonly EventLog<BaresipEvent> _events;
    private readonly FileSystemWatcher _watcher;
    private readonly EventLog<string> _heardMore = new("recording of baresip");

    private BaresipPhone(string folder, ChildProcess process, BaresipControl control, EventLog<BaresipEvent> events)
    {
        (_folder, _process, _control, _events) = (folder, process, control, events);
        _watcher = new FileSystemWatcher(folder, "dump-*-dec.wav") { NotifyFilter = NotifyFilters.Size | NotifyFilters.FileName | NotifyFilters.LastWrite };
        _watcher.Created += (_, e) => _heardMore.Append(e.FullPath);
        _watcher.Changed += (_, e) => _heardMore.Append(e.FullPath);
        _watcher.EnableRaisingEvents = true;
    }

    public string User { get; private init; } = "";

    /// <summary>Starts baresip and waits until it is registered, if it is to be.</summary>
    public static async Task<BaresipPhone> StartAsync(BaresipSettings settings, PortBlock ports)
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("baresip-").FullName;
        var controlPort = ports.Next();
        settings.WriteTo(folder, ports, controlPort);
        WavFile.OfTone(settings.Hertz, TimeSpan.FromSeconds(60), settings.Rate).Write(Path.Combine(folder, "says.wav"));
        // stdbuf: without a terminal baresip would keep back what it says until a buffer is full.
        var process = ChildProcess.Start(new ChildProcessOptions(
            $"baresip {settings.User}", "stdbuf", ["-oL", Tool.Baresip.Path!, "-s", "-f", folder], WorkingDirectory: folder));
        try
        {
            await process.SaysAsync(l => l.Contains("baresip is ready", StringComparison.Ordinal), "its start", Patience.Start);
            if (settings.Registrar is not null)
                await process.SaysAsync(l => l.Contains("200 OK", StringComparison.Ordinal), "its registration");
            var events = new EventLog<BaresipEvent>($"baresip {settings.User}");
            return new BaresipPhone(folder, process, await BaresipControl.ConnectAsync(controlPort, events), events) { User = settings.User };
        }
        catch
        {
            await process.DisposeAsync();
            System.IO.Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <returns>The URI that the phone shows as the caller.</returns>
    public async Task<string> RingsAsync() => (await EventAsync("CALL_INCOMING", "an incoming call")).Peer!;

    public Task DialAsync(string uri) => _control.CommandAsync("dial", uri);

    /// <summary>Waits until the far end of a call that it dialled rings.</summary>
    public Task HearsRingingAsync() => EventAsync("CALL_RINGING", "ringing at the far end");

    public Task AnswerAsync() => _control.CommandAsync("accept");

    public Task HangUpAsync() => _control.CommandAsync("hangup");

    /// <summary>Of the call it is in, by re-INVITE.</summary>
    public Task HoldAsync() => _control.CommandAsync("hold");

    public Task ResumeAsync() => _control.CommandAsync("resume");

    /// <summary>Asks for the call it is in to be sent there (REFER).</summary>
    public Task TransferAsync(string referTo) => _control.CommandAsync("transfer", referTo);

    /// <summary>Goes over to another of its calls; 1 is the oldest.</summary>
    public Task TakeLineAsync(int line) => _control.CommandAsync("line", line.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The dialog of the call that it dialled last, out of its trace: what of it the ACK says.</summary>
    public (string CallId, string LocalTag, string RemoteTag) LastDialled()
    {
        var lines = _process.Output.Snapshot();
        var ack = lines.Skip(lines.ToList().FindLastIndex(line => line.StartsWith("ACK sip:", StringComparison.Ordinal))).TakeWhile(line => line.Length > 0).ToList();
        return (After("Call-ID: "), After("From: ").Split(";tag=")[1], After("To: ").Split(";tag=")[1]);

        string After(string name) => ack.Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
    }

    public Task TalksAsync() => EventAsync("CALL_ESTABLISHED", "the established call");

    public Task EndsAsync() => EventAsync("CALL_CLOSED", "the end of the call");

    /// <summary>Waits until four of the last five tenths of a second of the recording are that tone.</summary>
    public Task HearsAsync(double hertz) =>
        _heardMore.WaitForAsync(() => Task.FromResult(HeardLately(hertz)), $"a recording of {hertz} Hz");

    /// <summary>Everything it has recorded.</summary>
    public WavFile Recording() => WavFile.Read(System.IO.Directory.GetFiles(_folder, "dump-*-dec.wav").Single());

    public async ValueTask DisposeAsync()
    {
        _watcher.Dispose();
        await _process.DisposeAsync();
        await _control.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    private async Task<BaresipEvent> EventAsync(string type, string what)
    {
        try
        {
            return await _events.WaitAsync(e => e.Type == type, what);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}{Environment.NewLine}{_process.LastOutput()}", e);
        }
    }

    // A call that is held and resumed, or the next call, is recorded into another file.
    private string? HeardLately(double hertz)
    {
        var file = System.IO.Directory.GetFiles(_folder, "dump-*-dec.wav").MaxBy(File.GetLastWriteTimeUtc);
        if (file is null || new FileInfo(file).Length < 1000) return null;
        var (rate, samples) = WavFile.Read(file);
        // Tenth by tenth: on a busy machine baresip leaves out what came late, and a tone that jumps is no tone over half a second.
        var tenth = rate / 10;
        if (samples.Length < 5 * tenth) return null;
        var heard = Enumerable.Range(1, 5).Count(back => ToneMeter.IsMainly(samples.AsSpan(samples.Length - (back * tenth), tenth), hertz, rate));
        return heard >= 4 ? file : null;
    }
}
