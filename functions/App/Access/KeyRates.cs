using System.Collections.Concurrent;
using System.Globalization;
using ClickToDial.Core.Access;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Access;

/// <summary>
/// Counts the requests of API keys at this instance, and tells how many are left (RateLimit and RateLimit-Policy, as drafted by the
/// IETF's HTTPAPI group). Only keys that proved themselves are counted, so there are no more counters than keys.
/// </summary>
public sealed class KeyRates(AccessOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, RequestRate> _rates = new(StringComparer.Ordinal);

    public Problem? Count(ApiKeyRecord key, HttpResponse response)
    {
        var now = time.GetUtcNow();
        var limit = key.RequestsPerMinute ?? options.RequestsPerMinute;
        var allowed = false;
        var rate = _rates.AddOrUpdate(key.Id, _ => default(RequestRate).Next(now, limit, out allowed), (_, r) => r.Next(now, limit, out allowed));
        var seconds = rate.SecondsLeft(now);
        var window = (int)RequestRate.Window.TotalSeconds;
        response.Headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"key\";q={limit};w={window}");
        response.Headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"key\";r={limit - rate.Count};t={seconds}");
        return allowed ? null : KnownProblems.KeyRateLimited with { RetryAfterSeconds = seconds };
    }
}
