using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClickToDial.TestKit.Peers;

/// <summary>
/// A vault as Key Vault's REST interface (7.4) has it: names of secrets, two a page, and each one's value, over TLS and for one bearer token;
/// and over plain HTTP beside it, where a machine gets that token for its identity (as App Service has it).
/// </summary>
public sealed class VaultPeer : IAsyncDisposable
{
    public const string Token = "token-of-the-identity";
    private const string IdentityHeader = "header-of-the-machine";
    private const int Page = 2;

    private readonly TestAuthority _authority = new();
    private readonly ConcurrentDictionary<string, (string Value, bool IsOn)> _secrets = new();
    private readonly X509Certificate2 _certificate;
    private readonly WebApplication _app;

    private VaultPeer()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = _authority.Create(key, "localhost");
        _certificate = X509CertificateLoader.LoadPkcs12(issued.CopyWithPrivateKey(key).Export(X509ContentType.Pfx), null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate));
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        _app = builder.Build();
        _app.MapGet("/identity", Identify);
        _app.MapFallback(AnswerAsync);
    }

    /// <summary>Its host is a name in the certificate.</summary>
    public Uri Address => new UriBuilder(UrlOf("https:")) { Host = "localhost" }.Uri;

    public string Thumbprint => _certificate.GetCertHashString();

    /// <summary>Settings of a process that reads it with the identity of its machine.</summary>
    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["Secrets__VaultUri"] = Address.ToString(),
        ["IDENTITY_ENDPOINT"] = $"{UrlOf("http:")}/identity",
        ["IDENTITY_HEADER"] = IdentityHeader,
        ["SSL_CERT_FILE"] = _authority.RootFile,
    };

    /// <summary>Paths that were asked for.</summary>
    public EventLog<string> Asked { get; } = new("requests to the vault");

    /// <summary>Whether it answers 503.</summary>
    public bool IsDown { get; set; }

    /// <summary>Whether it has none of its secrets.</summary>
    public bool IsEmpty { get; set; }

    /// <summary>Answers in its place where it gives true.</summary>
    public Func<HttpContext, bool> Answers { get; set; } = _ => false;

    public static async Task<VaultPeer> StartAsync()
    {
        var peer = new VaultPeer();
        await peer._app.StartAsync();
        return peer;
    }

    public void Put(string name, string value, bool isOn = true) => _secrets[name] = (value, isOn);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
        _authority.Dispose();
    }

    private string UrlOf(string scheme) => _app.Urls.First(url => url.StartsWith(scheme, StringComparison.Ordinal));

    private static IResult Identify(HttpRequest request)
    {
        if (request.Headers["X-IDENTITY-HEADER"] != IdentityHeader) return Results.Unauthorized();
        var expires = DateTimeOffset.UtcNow.AddHours(8).ToUnixTimeSeconds();
        return Results.Text(
            $$"""{"access_token":"{{Token}}","expires_on":"{{expires}}","resource":"{{request.Query["resource"]}}","token_type":"Bearer","client_id":"the-client"}""",
            "application/json");
    }

    private async Task AnswerAsync(HttpContext http)
    {
        Asked.Append(http.Request.Path);
        if (Answers(http)) return;
        var status = IsDown ? 503 : IsAllowed(http.Request) ? 200 : 401;
        if (http.Request.Path.Value!.Split('/') is [_, _, var name])
        {
            if (status == 200 && !_secrets.ContainsKey(name)) status = 404;
            http.Response.StatusCode = status;
            if (status == 200) await http.Response.WriteAsJsonAsync(new { value = _secrets[name].Value });
            return;
        }

        http.Response.StatusCode = status;
        if (status == 200) await ListAsync(http);
    }

    private static bool IsAllowed(HttpRequest request) => request.Headers.Authorization == "Bearer " + Token && request.Query["api-version"] == "7.4";

    private Task ListAsync(HttpContext http)
    {
        var all = _secrets.Where(_ => !IsEmpty).OrderBy(s => s.Key, StringComparer.Ordinal).ToList();
        var from = int.TryParse(http.Request.Query["from"], out var number) ? number : 0;
        return http.Response.WriteAsJsonAsync(new
        {
            value = all.Skip(from).Take(Page).Select(s => new { id = $"{Address}secrets/{s.Key}", attributes = new { enabled = s.Value.IsOn } }),
            nextLink = from + Page < all.Count ? $"{Address}secrets?api-version=7.4&from={from + Page}" : null,
        });
    }
}
