using System.Globalization;
using System.Text.Json;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClickToDial.App.PbxApi;

/// <summary>The fields of a body, whichever of the three documented forms it has: JSON, a form, or a form in parts.</summary>
public static class CallToNumberBody
{
    private static readonly FormOptions Limits = new()
    {
        ValueCountLimit = 32,
        KeyLengthLimit = 64,
        ValueLengthLimit = 1024,
        MultipartBodyLengthLimit = RequestBody.ApiLimit,
        MultipartHeadersCountLimit = 8,
        MultipartHeadersLengthLimit = 1024,
    };

    public static async Task<Result<Dictionary<string, string>>> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        if (!request.HasFormContentType)
        {
            var json = await RequestBody.ReadJsonAsync(request, stop);
            return json.IsOk ? ReadJson(json.Value) : json.Problem;
        }

        // Read here, so that the limit holds as the bytes arrive; the reader of forms then finds them in memory.
        var body = await RequestBody.ReadAsync(request, RequestBody.ApiLimit, stop);
        if (!body.IsOk) return body.Problem;
        request.Body = new MemoryStream(body.Value);
        try
        {
            var form = await new FormFeature(request, Limits).ReadFormAsync(stop);
            return form.ToDictionary(f => f.Key, f => f.Value.ToString(), StringComparer.Ordinal);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return KnownProblems.BodyUnreadable;
        }
    }

    private static Result<Dictionary<string, string>> ReadJson(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object) return KnownProblems.InvalidJson;
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.String) fields[member.Name] = member.Value.GetString()!;
                else if (member.Value.TryGetInt64Safely(out var number)) fields[member.Name] = number.ToString(CultureInfo.InvariantCulture);
                else if (member.Value.ValueKind != JsonValueKind.Null) return KnownProblems.FieldWrongType with { Field = member.Name };
            }

            return fields;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter for an escaped lone surrogate, which is valid JSON grammar but no text.
            return KnownProblems.InvalidJson;
        }
    }

    private static bool TryGetInt64Safely(this JsonElement value, out long number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number);
    }
}
