using System.IO.Compression;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ClickToDial.TestKit.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClickToDial.TestKit.Peers;

/// <summary>
/// What Application Insights is sent, one JSON envelope a line at <c>/v2.1/track</c>, and over plain HTTP beside it where a machine
/// gets tokens for its identity. Source: the Breeze interface as the exporter of Azure Monitor speaks it.
/// </summary>
public sealed class InsightsPeer : IAsyncDisposable
{
    public const string Token = "token-of-the-managed-identity";
    private const string IdentityHeader = "header-of-the-machine";

    private readonly WebApplication _app;
    private readonly string? _rootFile;

    private InsightsPeer(WebApplication app, string? rootFile)
    {
        _app = app;
        _rootFile = rootFile;
    }

    public EventLog<Item> Items { get; } = new("items at Application Insights");

    /// <summary>Client ids that a token was asked for.</summary>
    public EventLog<string> Identities { get; } = new("identities that asked for a token");

    /// <summary>The settings of a process that sends here; with an identity over HTTPS, else over plain HTTP.</summary>
    public Dictionary<string, string?> Settings
    {
        get
        {
            var settings = new Dictionary<string, string?> { ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = ConnectionString };
            if (_rootFile is null) return settings;
            settings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] = "ClientId=the-client;Authorization=AAD";
            settings["IDENTITY_ENDPOINT"] = $"{_app.Urls.First(url => url.StartsWith("http:", StringComparison.Ordinal))}/identity";
            settings["IDENTITY_HEADER"] = IdentityHeader;
            settings["SSL_CERT_FILE"] = _rootFile;
            return settings;
        }
    }

    public string ConnectionString
    {
        get
        {
            var scheme = _rootFile is null ? "http:" : "https:";
            return $"InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint={_app.Urls.First(url => url.StartsWith(scheme, StringComparison.Ordinal))}/";
        }
    }

    /// <param name="certificate">For 127.0.0.1, if items are to be sent over HTTPS and with an identity.</param>
    /// <param name="rootFile">Who signed it.</param>
    public static async Task<InsightsPeer> StartAsync(X509Certificate2? certificate = null, string? rootFile = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, 0);
            if (certificate is not null) kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(certificate));
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        var app = builder.Build();
        var peer = new InsightsPeer(app, rootFile);
        app.MapPost("/v2.1/track", peer.TrackAsync);
        app.MapGet("/identity", peer.Identify);
        await app.StartAsync();
        return peer;
    }

    /// <summary>Waits for a metric of that name, on which <paramref name="isIt"/> may look at its labels.</summary>
    public Task<Item> MetricAsync(string name, Func<Item, bool>? isIt = null) =>
        Items.WaitAsync(item => item.Metric == name && (isIt is null || isIt(item)), $"the metric {name}");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TrackAsync(HttpRequest request)
    {
        var body = request.Headers.ContentEncoding == "gzip" ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
        using var lines = new StreamReader(body);
        var count = 0;
        while (await lines.ReadLineAsync() is { } line)
        {
            if (line.Length == 0) continue;
            Items.Append(new Item(JsonElement.Parse(line), request.Headers.Authorization.ToString()));
            count++;
        }

        return Results.Text($$"""{"itemsReceived":{{count}},"itemsAccepted":{{count}},"errors":[]}""", "application/json");
    }

    private IResult Identify(HttpRequest request)
    {
        if (request.Headers["X-IDENTITY-HEADER"] != IdentityHeader) return Results.Unauthorized();
        Identities.Append(request.Query["client_id"].ToString());
        var expires = DateTimeOffset.UtcNow.AddHours(8).ToUnixTimeSeconds();
        return Results.Text(
            $$"""{"access_token":"{{Token}}","expires_on":"{{expires}}","resource":"{{request.Query["resource"]}}","token_type":"Bearer","client_id":"the-client"}""",
            "application/json");
    }

    /// <param name="Envelope">As it came.</param>
    /// <param name="Authorization">The header of its request.</param>
    public sealed record Item(JsonElement Envelope, string Authorization)
    {
        /// <summary>RequestData, RemoteDependencyData, MetricData, MessageData or ExceptionData.</summary>
        public string Kind => Envelope.GetProperty("data").GetProperty("baseType").GetString()!;

        public JsonElement Data => Envelope.GetProperty("data").GetProperty("baseData");

        /// <summary>What the portal calls the cloud role.</summary>
        public string Role => Envelope.GetProperty("tags").GetProperty("ai.cloud.role").GetString()!;

        /// <summary>Name of the metric; null for what is none.</summary>
        public string? Metric => Kind == "MetricData" ? Data.GetProperty("metrics")[0].GetProperty("name").GetString() : null;

        /// <summary>Value of the metric: sum of a counter or histogram, last of a gauge.</summary>
        public double Value => Data.GetProperty("metrics")[0].GetProperty("value").GetDouble();

        public override string ToString() => Envelope.GetRawText();

        public string? Label(string name) =>
            Data.TryGetProperty("properties", out var labels) && labels.TryGetProperty(name, out var label) ? label.GetString() : null;
    }
}
