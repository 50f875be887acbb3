using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Audio;
using ClickToDial.TestKit.Phones;
using WavFile = ClickToDial.Media.Audio.WavFile;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>Calls that the directory wants recorded, from the first word to the file's acknowledgement.</summary>
public sealed class RecordingTests : FlowTest
{
    private const double UserHertz = 440;
    private const double FarHertz = 660;

    [Fact(DisplayName = "A recorded call: both voices in a stereo file that is told of, fetched and acknowledged")]
    public async Task Recording_is_told_of_fetched_and_acknowledged()
    {
        await using var user = await Rig.PhoneAsync("101-a", UserHertz, IncomingCall.Answer);
        await using var far = await Rig.PhoneAsync("102-a", FarHertz, IncomingCall.Answer);
        var id = await RecordedCallAsync(user, far);
        await Rig.Api.HangUpAsync(id);
        var told = await Rig.Functions.EventAsync(id, CallEventType.RecordingStopped);
        await EndsAsync(id, CallResult.Answered, CallReasons.HungUpByApi);

        var recording = told.Recording!;
        Assert.Equal(($"control/recordings/{id}.rec-1", null), (recording.Location!.ToString(), recording.Problem));
        using var http = Client();
        var file = await http.GetByteArrayAsync(recording.Location);
        Assert.Equal(recording.Bytes, file.Length);
        Assert.Equal(recording.Sha256, Convert.ToHexStringLower(SHA256.HashData(file.AsSpan(44))));
        AssertBothVoices(file, recording.Seconds!.Value);

        using var rest = new HttpRequestMessage(HttpMethod.Get, recording.Location) { Headers = { Range = new RangeHeaderValue(1000, null) } };
        var part = await http.SendAsync(rest);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(file[1000..], await part.Content.ReadAsByteArrayAsync());

        for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.NoContent, (await http.DeleteAsync(recording.Location)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(recording.Location)).StatusCode);
    }

    [Fact(DisplayName = "A worker that dies while it records closes the file at its next start and tells of it")]
    public async Task Recording_of_a_worker_that_died_is_mended_and_told_of()
    {
        await using var user = await Rig.PhoneAsync("101-a", UserHertz, IncomingCall.Answer);
        await using var far = await Rig.PhoneAsync("102-a", FarHertz, IncomingCall.Answer);
        var id = await RecordedCallAsync(user, far);
        await Rig.KillWorkerAsync();
        Rig.TearRecordings();
        await Rig.StartWorkerAsync();

        Assert.Equal(CallReasons.WorkerLost, (await Rig.Functions.EndAsync(id)).Outcome!.Reason);
        var told = await Rig.Functions.Events.WaitAsync(e => e.CallId == id && e.Type == CallEventType.RecordingStopped, "the recording of the dead worker");
        var recording = told.Recording!;
        Assert.Equal("worker-lost", recording.Problem);
        using var http = Client();
        var file = await http.GetByteArrayAsync(recording.Location);
        Assert.Equal(recording.Sha256, Convert.ToHexStringLower(SHA256.HashData(file.AsSpan(44))));
        Assert.Equal((16000, 2), (WavFile.TryRead(file)!.SampleRate, WavFile.TryRead(file)!.Channels));
    }

    [Fact]
    public async Task Recording_is_for_whoever_shows_the_token()
    {
        using var http = new HttpClient { BaseAddress = Rig.ControlUrl };
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(new Uri("control/recordings/x.rec-1", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.DeleteAsync(new Uri("control/recordings/x.rec-1", UriKind.Relative))).StatusCode);
        using var ours = Client();
        Assert.Equal(HttpStatusCode.NotFound, (await ours.GetAsync(new Uri("control/recordings/..%2Fregistrations.jsonl", UriKind.Relative))).StatusCode);
    }

    private static void AssertBothVoices(byte[] file, double seconds)
    {
        var sound = WavFile.TryRead(file)!;
        Assert.Equal((16000, 2), (sound.SampleRate, sound.Channels));
        Assert.Equal(seconds, sound.Samples.Length / 2 / 16000.0, 2);
        var middle = sound.Samples.Length / 4 * 2;
        var left = sound.Samples.Skip(middle).Where((_, i) => i % 2 == 0).Take(1600).ToArray();
        var right = sound.Samples.Skip(middle).Where((_, i) => i % 2 == 1).Take(1600).ToArray();
        Assert.True(ToneMeter.IsMainly(left, UserHertz, 16000));
        Assert.True(ToneMeter.IsMainly(right, FarHertz, 16000));
    }

    private async Task<CallId> RecordedCallAsync(Phone user, Phone far)
    {
        var known = WorkerRig.Snapshot();
        Rig.Functions.Publish(known with { Domains = [known.Domains[0] with { Policy = new DomainPolicy([], [], RecordCalls: true) }] });
        await Rig.Server.DirectoryLearnsAsync(directory => directory.Records(WorkerRig.Domain, "101"));
        var id = await OriginateAsync(WorkerRig.Command("102"));
        await Rig.Functions.EventAsync(id, CallEventType.RecordingStarted);
        await (await user.RingsAsync()).HearsAsync(FarHertz, tenths: 8);
        await (await far.RingsAsync()).HearsAsync(UserHertz, tenths: 8);
        return id;
    }

    private HttpClient Client() => new() { BaseAddress = Rig.ControlUrl, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Rig.ControlToken) } };
}
