using System.Text.Json.Nodes;
using ClickToDial.App.Actions.Builders;
using ClickToDial.App.Actions.Chains;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Actions;
using ClickToDial.Core.Actions.Forms;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Actions.Softphone;

/// <summary><c>/api/softphone</c>: the buttons and forms of an agent's phone. A button starts a chain, a form only continues one.</summary>
public sealed class SoftphoneFunctions(SoftphoneCaller caller, ItemTables tables, ChainDesk desk)
{
    [Function("GetSoftphoneButton")]
    [Operation("A button.", Scope = ApiScopes.CallsRead, Refusals = [404])]
    public async Task<IResult> GetButton([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/softphone/button/{id}")] HttpRequest request, string id, CancellationToken stop)
    {
        var domain = await caller.DomainAsync(request, stop);
        if (!domain.IsOk) return Api.Problem(domain.Problem);
        return await tables.ButtonAsync(domain.Value, id, stop) is { } button
            ? JsonAnswer.Of(ButtonJson.Write(button, domain.Value)) : Api.Problem(KnownProblems.ButtonUnknown);
    }

    [Function("ListSoftphoneButtons")]
    [Operation("The buttons of a placement, in their order.", Scope = ApiScopes.CallsRead, Query = ["placement"])]
    public async Task<IResult> ListButtons([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/softphone/buttons")] HttpRequest request, CancellationToken stop)
    {
        var domain = await caller.DomainAsync(request, stop);
        if (!domain.IsOk) return Api.Problem(domain.Problem);
        var placement = request.Query["placement"].ToString();
        var buttons = (await tables.Buttons.ListAsync(domain.Value, stop)).Select(ItemTables.ReadButton).OfType<Button>()
            .Where(b => placement.Length == 0 || b.Placement == placement).OrderBy(b => b.SortOrder).ThenBy(b => b.Id, StringComparer.Ordinal);
        return JsonAnswer.Of(new JsonObject { ["buttons"] = new JsonArray([.. buttons.Select(b => ButtonJson.Write(b, domain.Value))]) });
    }

    [Function("PressButton")]
    [Operation("Presses a button: a chain starts, and the answer is its first step.", Scope = ApiScopes.CallsWrite, Request = typeof(PressBody), Refusals = [404, 409, 422])]
    public async Task<IResult> Press(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/softphone/button/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken stop)
    {
        var read = await caller.ReadAsync(request, stop);
        if (!read.IsOk) return Api.Problem(read.Problem);
        var (domain, user, body, token) = read.Value;
        if (await tables.ButtonAsync(domain, id, stop) is not { } button) return Api.Problem(KnownProblems.ButtonUnknown);
        var selected = body["selected"] as JsonArray ?? [];
        if (button.FaultOfSelection(selected.Count) is { } fault) return Api.Problem(KnownProblems.SelectionInvalid with { Field = "selected", Detail = fault });
        if (body["phone"] is { } phone && JsonBody.Text(phone) is not ("browser" or "remote")) return Api.Problem(KnownProblems.FieldInvalid with { Field = "phone" });
        var data = body["data"] as JsonObject is { } given ? (JsonObject)given.DeepClone() : [];
        if (selected.Count > 0) data["selected"] = selected.DeepClone();
        var press = new Press(domain, user, button, data, JsonBody.Text(body["phone"]) == "remote", token);
        var chain = await desk.StartAsync(client, press, stop);
        if (!chain.IsOk) return Api.Problem(chain.Problem);
        return Answer(await desk.AfterAsync(domain, chain.Value, 0, desk.AnswerWait, stop), 0, read.Value.IsPhone);
    }

    [Function("GetSoftphoneForm")]
    [Operation("A form with its fields.", Scope = ApiScopes.CallsRead, Refusals = [404])]
    public async Task<IResult> GetForm([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/softphone/form/{id}")] HttpRequest request, string id, CancellationToken stop)
    {
        var domain = await caller.DomainAsync(request, stop);
        if (!domain.IsOk) return Api.Problem(domain.Problem);
        return await tables.FormAsync(domain.Value, id, stop) is { } form ? JsonAnswer.Of(FormJson.Write(form)) : Api.Problem(KnownProblems.FormUnknown);
    }

    [Function("SubmitForm")]
    [Operation("Sends a form that a chain has opened: the chain goes on, and the answer is its next step.", Scope = ApiScopes.CallsWrite, Request = typeof(SubmitBody), Refusals = [404, 409, 422])]
    public async Task<IResult> Submit(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/softphone/form/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken stop)
    {
        var read = await caller.ReadAsync(request, stop);
        if (!read.IsOk) return Api.Problem(read.Problem);
        var (domain, user, body, token) = read.Value;
        if (body["data"] is not JsonObject data) return Api.Problem(KnownProblems.FieldMissing with { Field = "data" });
        var chain = await desk.WaitingForFormAsync(domain, user, id, stop);
        if (!chain.IsOk) return Api.Problem(await tables.Forms.FindAsync(domain, id, stop) is null ? KnownProblems.FormUnknown : chain.Problem);
        // A repeat after a lost answer must not count for the next form.
        if (JsonBody.Number(body["number"]) is { } number && number != ChainRecord.NumberOf(chain.Value.Current!))
            return Api.Problem(KnownProblems.ChainNotWaiting with { Detail = chain.Value.ChainId });
        var change = desk.NextChange(chain.Value.ChainId);
        if (await ChainDesk.SubmitAsync(client, chain.Value, data, token, stop) is { } problem) return Api.Problem(problem);
        var sent = ChainRecord.NumberOf(chain.Value.Current!);
        return Answer(await desk.AfterAsync(domain, chain.Value, sent, change, stop), sent, read.Value.IsPhone);
    }

    private static IResult Answer(ChainRecord? chain, int number, bool isPhone)
    {
        if (chain is null) return Api.Problem(KnownProblems.ChainUnknown);
        var reply = ChainViews.Reply(chain, number, isPhone);
        return reply.IsOk ? JsonAnswer.Of(reply.Value) : Api.Problem(reply.Problem);
    }
}
