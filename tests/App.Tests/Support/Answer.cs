using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace ClickToDial.App.Tests.Support;

/// <summary>A response with its body read.</summary>
public sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, string? ContentType, string Body)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            return new Answer(
                response.StatusCode, response.Headers, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
        }
    }

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;

    /// <summary>Is problem details of this reason, whole and in order.</summary>
    public void IsProblem(HttpStatusCode status, string reason, string? field = null)
    {
        Assert.Equal((status, reason), (Status, Json.GetProperty("reason").GetString()));
        Assert.Equal("application/problem+json", ContentType);
        Assert.Equal("urn:clicktodial:problem:" + reason, Json.GetProperty("type").GetString());
        Assert.Equal((int)status, Json.GetProperty("status").GetInt32());
        Assert.NotEmpty(Json.GetProperty("title").GetString()!);
        Assert.Equal(field, Json.TryGetProperty("field", out var named) ? named.GetString() : null);
        if (status == HttpStatusCode.ServiceUnavailable) Assert.NotNull(Header("Retry-After"));
        if (status == HttpStatusCode.Unauthorized) Assert.Equal("Bearer", Header("WWW-Authenticate"));
    }
}
