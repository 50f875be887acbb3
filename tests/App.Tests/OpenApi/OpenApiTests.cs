using System.Net;
using System.Text.Json;
using ClickToDial.App.Tests.Support;
using static ClickToDial.App.Tests.OpenApi.ApiDocument;

namespace ClickToDial.App.Tests.OpenApi;

/// <summary>The description of the API: it is well formed and whole. That it is true, <see cref="OperationTests"/> show.</summary>
public sealed class OpenApiTests(AppRig app)
{
    [Fact]
    public void Document_IsWellFormed()
    {
        Assert.Equal("3.1.0", Root.GetProperty("openapi").GetString());
        var ids = Each().Select(o => o.Id).ToList();
        Assert.Equal(ids.Distinct().Count(), ids.Count);
        var tags = Root.GetProperty("tags").EnumerateArray().Select(t => t.GetProperty("name").GetString()).ToHashSet();
        foreach (var (id, path, _, json) in Each())
        {
            Assert.NotEmpty(json.GetProperty("summary").GetString()!);
            Assert.All(json.GetProperty("tags").EnumerateArray(), t => Assert.Contains(t.GetString(), tags));
            var parameters = json.TryGetProperty("parameters", out var list) ? list.EnumerateArray().ToList() : [];
            Assert.Equal(
                System.Text.RegularExpressions.Regex.Matches(path, "{([a-zA-Z]+)}").Select(m => m.Groups[1].Value).Order(),
                parameters.Where(p => p.GetProperty("in").GetString() == "path").Select(p => p.GetProperty("name").GetString()!).Order());
            Assert.Equal(parameters.Count, parameters.Select(p => (p.GetProperty("in").GetString(), p.GetProperty("name").GetString())).Distinct().Count());
            Assert.Contains(json.GetProperty("responses").EnumerateObject(), r => r.Name[0] == '2');
            Assert.All(json.GetProperty("responses").EnumerateObject(), r => Assert.NotEmpty(r.Value.GetProperty("description").GetString()!));
            Assert.DoesNotContain("{", id);
        }
    }

    [Fact]
    public void EveryAnswerWithABody_IsDescribed() => Assert.All(Each(), operation =>
    {
        var success = operation.Json.GetProperty("responses").EnumerateObject().Single(r => r.Name[0] == '2');
        Assert.True(success.Name is "202" or "204" || success.Value.TryGetProperty("content", out _), $"What {operation.Id} answers is not described.");
    });

    [Fact]
    public void EveryReference_IsToSomethingThatIsThere()
    {
        var references = References(Root).ToList();
        Assert.NotEmpty(references);
        Assert.All(references, r => Assert.NotNull(Resolve(r)));
        var schemes = Root.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(s => s.Name).ToHashSet();
        Assert.All(Each().SelectMany(o => o.Json.GetProperty("security").EnumerateArray()).SelectMany(s => s.EnumerateObject()), s => Assert.Contains(s.Name, schemes));
    }

    [Fact]
    public async Task Page_ShowsEveryOperationAndFetchesNothing()
    {
        AzuriteSkip();
        using var response = await app.Client.GetAsync("/docs");
        var page = await response.Content.ReadAsStringAsync();

        Assert.All(Each(), o => Assert.Contains(WebUtility.HtmlEncode(o.Path), page));
        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("http://", page);
        Assert.DoesNotContain("https://", page);
        Assert.StartsWith("default-src 'none'", string.Join(";", response.Headers.GetValues("Content-Security-Policy")));
    }

    private void AzuriteSkip() => Assert.NotNull(app.NewDomain());

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => p.Name == "$ref" ? [p.Value.GetString()!] : References(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
