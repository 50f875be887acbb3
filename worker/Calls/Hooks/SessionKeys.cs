using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using ClickToDial.Calls.Events;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Hooks;

/// <summary>
/// The public keys that session tokens are verified with, fetched from the functions (RFC 7517) and kept: tokens are checked
/// without asking anybody. Asked anew every few minutes, and at once, though not often, when a token names a key that is not known.
/// </summary>
internal sealed class SessionKeys : IAsyncDisposable
{
    private const int MaxKeys = 16;
    private const int MaxBytes = 64 * 1024;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SoonestAgain = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly TimeProvider _time;
    private readonly Backoff _backoff;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _asked = new(0, 1);
    private volatile FrozenDictionary<string, ECParameters> _keys = FrozenDictionary<string, ECParameters>.Empty;
    private volatile TaskCompletionSource _next = NewSource();
    private Task _loop = Task.CompletedTask;

    public SessionKeys(HttpClient http, Uri functions, TimeProvider time, Random random, ILogger<SessionKeys> logger)
    {
        _http = http;
        _address = new Uri(functions, ".well-known/jwks.json");
        _time = time;
        _backoff = new Backoff(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(15), random);
        _logger = logger;
    }

    /// <summary>Begins to ask. Called once.</summary>
    public void Start() => _loop = RunAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
        _asked.Dispose();
    }

    /// <summary>True when one of the keys made the signature. A key that is not known is asked for once, while the caller waits.</summary>
    public async Task<bool> VerifiesAsync(SessionToken token, CancellationToken stop)
    {
        var learned = _next.Task;
        if (!_keys.TryGetValue(token.KeyId, out var key))
        {
            AskSoon();
            await learned.WaitAsync(stop);
            if (!_keys.TryGetValue(token.KeyId, out key)) return false;
        }
        using var verifier = ECDsa.Create(key);
        return verifier.VerifyData(token.Signed, token.Signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>The keys of a set that we can use, by their ids; null when it is none.</summary>
    internal static FrozenDictionary<string, ECParameters>? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            if (!document.RootElement.TryGetProperty("keys", out var list) || list.ValueKind is not JsonValueKind.Array) return null;
            return list.EnumerateArray().Take(MaxKeys).Select(KeyOf).OfType<(string Id, ECParameters Key)>().DistinctBy(entry => entry.Id)
                .ToFrozenDictionary(entry => entry.Id, entry => entry.Key, StringComparer.Ordinal);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // RFC 7518 section 6.2.1. Other keys may stand beside ours and are passed over.
    private static (string Id, ECParameters Key)? KeyOf(JsonElement key)
    {
        if (Text("kty") != "EC" || Text("crv") != "P-256" || Text("kid") is not { } id || Text("alg") is not (null or "ES256")) return null;
        if (SessionToken.Decode(Text("x")) is not { Length: 32 } x || SessionToken.Decode(Text("y")) is not { Length: 32 } y) return null;
        var parameters = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } };
        try
        {
            using var check = ECDsa.Create(parameters); // a point that is not on the curve throws here, and not when a token comes
            return (id, parameters);
        }
        catch (CryptographicException)
        {
            return null;
        }

        string? Text(string name) => key.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        var failures = 0;
        try
        {
            while (true)
            {
                var trouble = await AskAsync();
                if (trouble is not null && failures == 0) HookLog.KeysFailed(_logger, trouble);
                failures = trouble is null ? 0 : failures + 1;
                // Who waits for a key goes on in either case; after a failure without it.
                var told = _next;
                _next = NewSource();
                told.SetResult();
                if (failures > 0) await Task.Delay(_backoff.After(failures), _time, _stop.Token);
                else await RestAsync();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private async Task RestAsync()
    {
        await Task.Delay(SoonestAgain, _time, _stop.Token);
        using var usual = new CancellationTokenSource(Usual - SoonestAgain, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, usual.Token);
        try
        {
            await _asked.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            // Time to ask without having been asked to.
        }
    }

    private void AskSoon()
    {
        try
        {
            if (_asked.CurrentCount == 0) _asked.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else asked in the same moment.
        }
    }

    // What went wrong, or null.
    private async Task<string?> AskAsync()
    {
        using var limit = new CancellationTokenSource(Deadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, limit.Token);
        try
        {
            using var response = await _http.GetAsync(_address, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode) return $"status {(int)response.StatusCode}";
            await response.Content.LoadIntoBufferAsync(MaxBytes, either.Token);
            if (Read(await response.Content.ReadAsByteArrayAsync(either.Token)) is not { Count: > 0 } keys) return "no keys";
            if (!keys.Keys.Order().SequenceEqual(_keys.Keys.Order())) HookLog.KeysLearned(_logger, keys.Count);
            _keys = keys;
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return e.GetType().Name;
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            return "deadline";
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
