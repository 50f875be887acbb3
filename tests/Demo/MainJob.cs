using System.Text.Json.Nodes;
using ClickToDial.Contracts.Calls;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.Demo;

/// <summary>The main job with two scripted phones: token, click, both ring, both hear each other, hang-up, call log.</summary>
internal sealed class MainJob(ClickToDialSuite suite, Teller teller)
{
    private const string Caller = "101";
    private const string Callee = "102";
    private const double CallerHertz = 440;
    private const double CalleeHertz = 660;

    /// <exception cref="TimeoutException">A step did not happen.</exception>
    /// <exception cref="InvalidOperationException">A step went wrong.</exception>
    public async Task RunAsync()
    {
        await using var caller = await suite.RegisterAsync(Caller, CallerHertz);
        await using var callee = await suite.RegisterAsync(Callee, CalleeHertz);
        teller.Step($"phones {Caller} ({CallerHertz} Hz) and {Callee} ({CalleeHertz} Hz) registered at {suite.Registrar}, domain {suite.Seed.Domain}");
        var call = await ClickAsync();
        var calling = await AnswerAsync(caller);
        var called = await AnswerAsync(callee);
        await ProveAsync(calling, Caller, CalleeHertz, CallerHertz);
        await ProveAsync(called, Callee, CallerHertz, CalleeHertz);
        await called.HangUpAsync();
        Expect(await calling.EndsAsync() == CallEnd.HungUpByPeer, $"phone {Caller} was not hung up");
        teller.Step($"{Callee} hung up, {Caller} was hung up");
        await ReportAsync(call);
    }

    private async Task<CallId> ClickAsync()
    {
        var token = await suite.Api.TokenAsync(Caller);
        teller.Step("session token issued for the API key");
        var answer = await suite.Api.PlaceCallAsync(new JsonObject { ["user"] = Caller, ["destination"] = Callee }, token);
        Expect(answer.Status == 202, $"POST /api/calls was answered with {answer.Status} ({answer.Reason})");
        teller.Step($"POST /api/calls: 202, {answer.Location}");
        return answer.CallId;
    }

    private async Task<PhoneCall> AnswerAsync(Phone phone)
    {
        var call = await phone.RingsAsync();
        teller.Step($"phone {phone.User} rings and shows {call.CallerNumber}");
        await call.AnswerAsync();
        teller.Step($"phone {phone.User} answered");
        return call;
    }

    private async Task ProveAsync(PhoneCall call, string who, double other, double own)
    {
        var sound = await call.HearsAsync(other, tenths: 20);
        teller.Step($"{who} hears {other} Hz for two seconds without a gap, at {sound.Level(other):F1} dB; its own {own} Hz at {sound.Level(own):F1} dB");
        Expect(sound.Level(own) < sound.Level(other) - 20, $"phone {who} hears itself");
    }

    private async Task ReportAsync(CallId call)
    {
        var row = (await suite.EndedCallAsync(call)).Body!.AsObject();
        teller.Title("Timeline, as the worker told it");
        foreach (var step in suite.Tap.Accepted(call))
            teller.Line($"{step.Sequence,2}  {step.Time:HH:mm:ss.fff}  {Word(step.Type),-15} {Leg(step.Leg)}{Outcome(step.Outcome)}");
        teller.Title($"Call log, GET /api/calls/{call}");
        foreach (var (name, value) in row)
            if (name != "legs") teller.Line($"{name,-14} {(value is JsonArray list ? string.Join(", ", list) : value)}");
        var legs = row["legs"]!.AsArray();
        foreach (var leg in legs) teller.Line($"leg {leg!["role"]}: {Media(leg["media"])}");
        teller.Line("");
        Expect(row["result"]?.GetValue<string>() == "answered", "the call log does not say that the call was answered");
        Expect(legs.Count == 2 && legs.All(IsWhole), "the call log does not show two legs with packets and without loss");
    }

    private static bool IsWhole(JsonNode? leg) =>
        leg?["media"] is { } media && media["packetsReceived"]!.GetValue<long>() > 0 && media["packetsLost"]!.GetValue<long>() == 0;

    private static string Word<T>(T type) => System.Text.Json.JsonSerializer.Serialize(type).Trim('"');

    private static string Leg(LegSummary? leg) => leg is null ? "" : $"{Word(leg.Role)} {leg.Device ?? leg.Trunk}".TrimEnd();

    private static string Outcome(CallOutcome? outcome) => outcome is null ? "" : $"{Word(outcome.Result)}: {outcome.Reason}";

    private static string Media(JsonNode? media) => media is null
        ? "no media"
        : $"{media["codec"]}, {media["packetsReceived"]} packets in, {media["packetsSent"]} out, {media["packetsLost"]} lost";

    private static void Expect(bool isSo, string otherwise)
    {
        if (!isSo) throw new InvalidOperationException(otherwise);
    }
}
