using System.Text.Json;
using ClickToDial.EmbeddedHost.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClickToDial.EmbeddedHost.Http;

/// <summary>What a request offers to parameters.</summary>
internal static class HttpBinding
{
    public static ValueTask<object?> Request(InvocationContext context) => new(((HttpContext)context.TriggerValue).Request);

    /// <summary>The JSON body, by MVC's JSON options. Another content type, no body, "null" and bad JSON fail the invocation.</summary>
    public static async ValueTask<object?> BodyAsync(InvocationContext context, Type type)
    {
        var http = (HttpContext)context.TriggerValue;
        if (!http.Request.HasJsonContentType()) throw new BindingException("The request body is not marked as JSON.");
        var json = context.InstanceServices.GetRequiredService<IOptions<JsonOptions>>().Value.JsonSerializerOptions;
        try
        {
            return await JsonSerializer.DeserializeAsync(http.Request.Body, type, json, context.CancellationToken)
                ?? throw new BindingException("The request body is empty.");
        }
        catch (JsonException e)
        {
            throw new BindingException($"The request body does not fit {type.Name}.", e);
        }
    }

    /// <summary>Query values (without "code", the function key), outranked by route values; both by name in any case.</summary>
    public static IReadOnlyDictionary<string, object?> Data(HttpContext http)
    {
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in http.Request.Query)
            if (!name.Equals("code", StringComparison.OrdinalIgnoreCase)) data[name] = values.ToString();
        foreach (var (name, value) in http.Request.RouteValues) data[name] = value?.ToString();
        return data;
    }
}
