using System.Text.Json.Serialization.Metadata;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClickToDial.Calls.Control;

/// <summary>Commands to calls under way: POST /control/calls/{callId}/... Each answers with the call as it then is.</summary>
internal sealed class CommandEndpoints(ICallControl calls)
{
    private static readonly LegCommand NoLeg = new();

    public void Map(IEndpointRouteBuilder routes, Func<RequestDelegate, RequestDelegate> guarded)
    {
        var json = ContractsJson.Default;
        Command("answer", json.LegCommand, NoLeg, CommandGuard.Check, (c, id) => new CallOrder.Answer(c.Leg, id), c => c.CommandId);
        Command("hold", json.LegCommand, NoLeg, CommandGuard.Check, (c, id) => new CallOrder.Hold(c.Leg, id), c => c.CommandId);
        Command("resume", json.LegCommand, NoLeg, CommandGuard.Check, (c, id) => new CallOrder.Resume(c.Leg, id), c => c.CommandId);
        Command("mute", json.LegCommand, NoLeg, CommandGuard.Check, (c, id) => new CallOrder.Mute(c.Leg, On: true, id), c => c.CommandId);
        Command("unmute", json.LegCommand, NoLeg, CommandGuard.Check, (c, id) => new CallOrder.Mute(c.Leg, On: false, id), c => c.CommandId);
        Command("transfer", json.TransferCommand, null, CommandGuard.Check, TransferOf, c => c.CommandId);
        Command("dtmf", json.DigitsCommand, null, CommandGuard.Check, (c, id) => new CallOrder.SendDigits(c.Digits, c.Leg, c.DurationMilliseconds, id), c => c.CommandId);
        Command("recording/start", json.RecordingCommand, new RecordingCommand(), CommandGuard.Check, (_, id) => new CallOrder.Record(On: true, id), c => c.CommandId);
        Command("recording/stop", json.RecordingCommand, new RecordingCommand(), CommandGuard.Check, (_, id) => new CallOrder.Record(On: false, id), c => c.CommandId);
        Command("announcement/start", json.AnnouncementCommand, null, CommandGuard.Check, (c, id) => new CallOrder.Announce(c.Name, c.Leg, c.Loop, id), c => c.CommandId);
        Command("announcement/stop", json.LegCommand, NoLeg, CommandGuard.Check, (c, id) => new CallOrder.StopAnnouncing(c.Leg, id), c => c.CommandId);

        void Command<T>(
            string verb, JsonTypeInfo<T> type, T? empty, Func<T, string?> check, Func<T, string?, CallOrder> order, Func<T, string?> commandId) where T : class =>
            routes.MapPost($"/control/calls/{{callId}}/{verb}", guarded(http => TakeAsync(http, type, empty, check, order, commandId)));
    }

    private static CallOrder TransferOf(TransferCommand command, string? id) => command.To is { } to
        ? new CallOrder.Transfer(to, command.Leg, command.Drop, TimeSpan.FromSeconds(command.RingTimeoutSeconds), id)
        : new CallOrder.Join(CallId.Parse(command.WithCall!), command.Leg, command.WithLeg, id);

    private async Task TakeAsync<T>(
        HttpContext http, JsonTypeInfo<T> type, T? empty, Func<T, string?> check, Func<T, string?, CallOrder> order, Func<T, string?> commandId)
        where T : class
    {
        if (!ControlJson.TryId(http, out var callId))
        {
            await ControlJson.RefuseAsync(http, Problems.Invalid("callId: 1 to 64 characters of A-Z a-z 0-9 - _."));
            return;
        }
        var (command, problem) = await ControlJson.ReadAsync(http, type, check, empty);
        if (command is null)
        {
            await ControlJson.RefuseAsync(http, problem!);
            return;
        }
        // Not the request's token: an order that has begun is carried out whether or not anybody waits for the answer.
        var answer = await calls.OrderAsync(callId, order(command, commandId(command)), CancellationToken.None);
        if (answer.Call is { } call) await ControlJson.AnswerAsync(http, StatusCodes.Status200OK, call, ContractsJson.Default.CallSnapshot);
        else await ControlJson.RefuseAsync(http, Problems.Of(answer.Verdict));
    }
}
