using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;

namespace ClickToDial.TestKit.Peers;

/// <summary>The worker's control API, as the functions use it.</summary>
public sealed class WorkerClient : IDisposable
{
    private readonly HttpClient _http;

    public WorkerClient(Uri worker, string controlToken)
    {
        _http = new HttpClient { BaseAddress = worker, Timeout = TimeSpan.FromSeconds(20) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", controlToken);
    }

    /// <summary>A new call id, readable in a log.</summary>
    public static CallId NewCallId() => CallId.Parse($"test-{Guid.NewGuid():N}");

    /// <summary>Starts a call and expects that the worker takes it on.</summary>
    public async Task<CallId> OriginateAsync(OriginateCommand command)
    {
        var id = NewCallId();
        using var response = await PutAsync(id, command);
        if (response.StatusCode == HttpStatusCode.Accepted) return id;
        throw new InvalidOperationException(
            $"The worker answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    public Task<HttpResponseMessage> PutAsync(CallId id, OriginateCommand command) =>
        _http.PutAsync(Path(id), JsonContent.Create(command, ContractsJson.Default.OriginateCommand));

    /// <summary>Null when the worker does not know the call.</summary>
    public async Task<CallSnapshot?> GetAsync(CallId id)
    {
        using var response = await _http.GetAsync(Path(id));
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync(ContractsJson.Default.CallSnapshot);
    }

    public async Task<CallSnapshot> HangUpAsync(CallId id)
    {
        using var response = await _http.DeleteAsync(Path(id));
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync(ContractsJson.Default.CallSnapshot))!;
    }

    /// <summary>Orders something of a call under way and expects that it is done.</summary>
    /// <param name="verb">The end of the address, such as <c>hold</c> or <c>recording/start</c>.</param>
    /// <param name="command">One of the command records; null sends no body.</param>
    public async Task<CallSnapshot> OrderAsync(CallId id, string verb, object? command = null)
    {
        using var response = await PostAsync(id, verb, command);
        if (response.IsSuccessStatusCode) return (await response.Content.ReadFromJsonAsync(ContractsJson.Default.CallSnapshot))!;
        throw new InvalidOperationException($"The worker answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    /// <summary>Orders something that is refused.</summary>
    /// <returns>The status and the reason.</returns>
    public async Task<(int Status, string Reason)> RefusedAsync(CallId id, string verb, object? command = null)
    {
        using var response = await PostAsync(id, verb, command);
        var problem = await response.Content.ReadFromJsonAsync(ContractsJson.Default.WorkerProblem);
        return ((int)response.StatusCode, problem!.Reason);
    }

    public Task<HttpResponseMessage> PostAsync(CallId id, string verb, object? command) => _http.PostAsync(
        $"{Path(id)}/{verb}", command is null ? null : JsonContent.Create(command, ContractsJson.Default.GetTypeInfo(command.GetType())!));

    public async Task<IReadOnlyList<CallSnapshot>> ListAsync(string query = "") =>
        (await _http.GetFromJsonAsync("control/calls" + query, ContractsJson.Default.IReadOnlyListCallSnapshot))!;

    /// <summary>What the worker tells of its calls until it has no more to tell.</summary>
    /// <param name="query">Such as <c>?user=101</c>.</param>
    public async IAsyncEnumerable<WatchMessage> WatchAsync(string query = "", [EnumeratorCancellation] CancellationToken stop = default)
    {
        await using var stream = await _http.GetStreamAsync("control/watch" + query, stop);
        var events = SseParser.Create(stream, (kind, data) => (kind, Message: JsonSerializer.Deserialize(data, ContractsJson.Default.WatchMessage)!));
        await foreach (var told in events.EnumerateAsync(stop))
        {
            var (kind, message) = told.Data;
            if (!kind.Equals(message.Kind.ToString(), StringComparison.OrdinalIgnoreCase)) throw new InvalidDataException($"An event {kind} with {message}");
            yield return message;
        }
    }

    /// <summary>Anything else of the API, as it comes.</summary>
    public Task<HttpResponseMessage> GetRawAsync(string path) => _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);

    public Task<HttpResponseMessage> HealthAsync(string path = "/healthz") => _http.GetAsync(path);

    public void Dispose() => _http.Dispose();

    private static string Path(CallId id) => $"control/calls/{id}";
}
