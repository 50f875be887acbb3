using System.Buffers;
using System.IO.Compression;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ClickToDial.App.Hosting;

/// <summary>Reads request bodies with a cap that is checked as the bytes arrive, whatever Content-Length says.</summary>
public static class RequestBody
{
    /// <summary>For the API's own endpoints, in bytes.</summary>
    public const int ApiLimit = 64 * 1024;

    /// <param name="mayBeCompressed">The body is given as it came; see <see cref="DecompressAsync"/>.</param>
    public static async Task<Result<byte[]>> ReadJsonAsync(
        HttpRequest request, CancellationToken stop, int limit = ApiLimit, bool mayBeCompressed = false)
    {
        if (!IsJson(request.ContentType)) return KnownProblems.UnsupportedMediaType;
        if (mayBeCompressed && IsEncoded(request) && !IsGzip(request)) return KnownProblems.UnsupportedEncoding;
        return await ReadAsync(request, limit, stop);
    }

    public static async Task<Result<byte[]>> ReadAsync(HttpRequest request, int limit, CancellationToken stop)
    {
        if (request.ContentLength > limit) return KnownProblems.BodyTooLarge;
        return await ReadAsync(request.Body, limit, stop);
    }

    /// <summary>The bytes that were compressed, or the same bytes if none were; never more than the limit is unpacked.</summary>
    public static async Task<Result<byte[]>> DecompressAsync(HttpRequest request, byte[] body, int limit, CancellationToken stop)
    {
        if (!IsGzip(request)) return body;
        await using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        try
        {
            return await ReadAsync(gzip, limit, stop);
        }
        catch (InvalidDataException)
        {
            return KnownProblems.BodyUnreadable;
        }
    }

    private static async Task<Result<byte[]>> ReadAsync(Stream stream, int limit, CancellationToken stop)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(limit + 1);
        try
        {
            var length = await stream.ReadAtLeastAsync(buffer.AsMemory(0, limit + 1), limit + 1, throwOnEndOfStream: false, stop);
            if (length > limit) return KnownProblems.BodyTooLarge;
            return buffer.AsSpan(0, length).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static bool IsEncoded(HttpRequest request) => request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity";

    private static bool IsGzip(HttpRequest request) =>
        request.Headers.ContentEncoding is [{ } encoding] && encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase);

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
