using System.Net;
using ClickToDial.App.Tests.Support;

namespace ClickToDial.App.Tests.Actions;

/// <summary>Rows C5 and C6: buttons, forms and scripts are made, changed by version, listed and deleted.</summary>
public sealed class BuilderTests(AppRig app)
{
    [Fact(DisplayName = "C5: a button is kept with all its fields, and shown to agents in its order")]
    public async Task Button_is_kept_whole()
    {
        var desk = ActionDesk.Of(app, needsScripts: false);
        var form = await desk.FormAsync("Lead");
        var id = await desk.ButtonAsync(new { label = "Late", icon = "phone", tooltip = "t", type = "danger", placement = "agent", min_select = 1, max_select = 3, fn = "openForm", form_id = form, sort_order = 7 });
        await desk.ButtonAsync(new { label = "Early", fn = "next", placement = "agent", sort_order = -1 });
        await desk.ButtonAsync(new { label = "Elsewhere", fn = "next", placement = "page" });

        var button = (await desk.Domain.GetAsync($"/api/softphone/button/{id}")).Json;

        Assert.Equal(
            $$"""{"id":"{{id}}","account_id":"{{desk.Domain.Name}}","label":"Late","icon":"phone","tooltip":"t","type":"danger","placement":"agent","min_select":1,"max_select":3,"sandbox_id":null,"fn":"openForm","form_id":"{{form}}","sort_order":7,"supersedes":false}""",
            button.GetRawText());
        var listed = await desk.Domain.GetAsync("/api/softphone/buttons?placement=agent");
        Assert.Equal(["Early", "Late"], listed.Json.GetProperty("buttons").EnumerateArray().Select(b => b.GetProperty("label").GetString()!));
    }

    [Fact(DisplayName = "C5, B2: a token for certain destinations starts no chain, whose calls would be the domain's")]
    public async Task Token_for_destinations_presses_nothing()
    {
        var domain = app.NewDomain();
        var narrow = await domain.TokenAsync(new { user = "101", destinations = new[] { "echo" } });

        (await domain.SendAsync(HttpMethod.Post, "/api/softphone/button/none", new { }, narrow)).IsProblem(HttpStatusCode.Forbidden, "token-restricted");
        (await domain.SendAsync(HttpMethod.Post, "/api/softphone/form/none", new { data = new { } }, narrow)).IsProblem(HttpStatusCode.Forbidden, "token-restricted");
        (await domain.SendAsync(HttpMethod.Post, "/api/softphone/button/none", new { }, await domain.TokenAsync())).IsProblem(HttpStatusCode.NotFound, "button-unknown");
    }

    [Fact]
    public async Task Change_names_the_version_it_replaces_and_every_version_is_kept()
    {
        var desk = ActionDesk.Of(app, needsScripts: false);
        var id = await desk.FormAsync("Lead");
        var path = $"/api/forms/{id}";
        object Body(string name, int? version = null) => new { name, formSchema = Array.Empty<object>(), version };

        (await desk.Domain.AdminAsync(HttpMethod.Put, path, Body("Two"))).IsProblem((HttpStatusCode)428, "version-missing");
        Assert.Equal("\"2\"", (await desk.Domain.AdminAsync(HttpMethod.Put, path, Body("Two", 1))).Header("ETag"));
        (await desk.Domain.AdminAsync(HttpMethod.Put, path, Body("Three", 1))).IsProblem(HttpStatusCode.PreconditionFailed, "version-differs");
        var versions = await desk.Domain.AdminAsync(HttpMethod.Get, path + "/versions");
        Assert.Equal(["Lead", "Two"], versions.Json.GetProperty("versions").EnumerateArray().Select(v => v.GetProperty("name").GetString()!));

        (await desk.Domain.AdminAsync(HttpMethod.Post, "/api/forms", Body("TWO"))).IsProblem(HttpStatusCode.Conflict, "name-taken", "name");
        await desk.FormAsync("lead");
        Assert.Equal(HttpStatusCode.NoContent, (await desk.Domain.AdminAsync(HttpMethod.Delete, path)).Status);
        (await desk.Domain.AdminAsync(HttpMethod.Get, path)).IsProblem(HttpStatusCode.NotFound, "form-unknown");
        await desk.FormAsync("Two");
    }

    [Fact]
    public async Task What_would_not_work_is_refused()
    {
        var desk = ActionDesk.Of(app, needsScripts: false);
        async Task RefusedAsync(object body, string field) => (await desk.Domain.AdminAsync(HttpMethod.Post, "/api/buttons", body)).IsProblem(HttpStatusCode.BadRequest, "field-invalid", field);
        await RefusedAsync(new { label = "x" }, "fn");
        await RefusedAsync(new { label = "x", fn = "save(maybe)" }, "fn");
        await RefusedAsync(new { label = "x", form_id = "nothing" }, "form_id");
        await RefusedAsync(new { label = "x", sandbox_id = "nothing" }, "sandbox_id");
        (await desk.Domain.SendAsync(HttpMethod.Get, "/api/buttons")).IsProblem(HttpStatusCode.Forbidden, "scope-missing");
        (await desk.Domain.SendAsync(HttpMethod.Post, "/api/softphone/button/x", new { user = "999" })).IsProblem(HttpStatusCode.NotFound, "user-unknown", "user");
    }

    [Fact(DisplayName = "C6: a form's rules are had as JSON Schema")]
    public async Task Form_has_a_schema()
    {
        var desk = ActionDesk.Of(app, needsScripts: false);
        var id = await desk.FormAsync("Lead", fields: [new { type = "input", name = "mail", required = true, validation = "email" }]);
        var schema = (await desk.Domain.AdminAsync(HttpMethod.Get, $"/api/forms/{id}/schema")).Json;
        Assert.Equal("mail", schema.GetProperty("required")[0].GetString());
    }
}
