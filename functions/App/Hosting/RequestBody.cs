using System.Buffers;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ClickToDial.App.Hosting;

/// <summary>Reads request bodies with a cap that is checked as the bytes arrive, whatever Content-Length says.</summary>
public static class RequestBody
{
    /// <summary>For the API's own endpoints, in bytes.</summary>
    public const int ApiLimit = 64 * 1024;

    public static async Task<Result<byte[]>> ReadJsonAsync(HttpRequest request, CancellationToken stop, int limit = ApiLimit)
    {
        if (!IsJson(request.ContentType)) return KnownProblems.UnsupportedMediaType;
        if (request.ContentLength > limit) return KnownProblems.BodyTooLarge;
        var buffer = ArrayPool<byte>.Shared.Rent(limit + 1);
        try
        {
            var length = await request.Body.ReadAtLeastAsync(buffer.AsMemory(0, limit + 1), limit + 1, throwOnEndOfStream: false, stop);
            if (length > limit) return KnownProblems.BodyTooLarge;
            return buffer.AsSpan(0, length).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
