using System.Net;
using System.Security.Cryptography;
using System.Text;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace ClickToDial.App.Links;

/// <summary>The pages of dial links: small, nothing from elsewhere, readable by screen readers.</summary>
public static class LinkPage
{
    private const string Style =
        "body{font:18px/1.5 system-ui,sans-serif;margin:12vh auto;max-width:28rem;padding:0 1.5rem;text-align:center;color:#1b1b1f;background:#fff}"
        + "h1{font-size:1.4rem}button{font:inherit;font-weight:600;padding:.8rem 2.2rem;border:0;border-radius:2rem;background:#0a6b3d;color:#fff;cursor:pointer}"
        + "button:focus-visible{outline:3px solid #1b6ef3;outline-offset:3px}p{overflow-wrap:anywhere}"
        + "@media(prefers-color-scheme:dark){body{color:#e6e6ea;background:#16161a}button{background:#2a9d65;color:#06120c}}";

    private const string Submit = "document.forms[0].submit()";

    private static readonly string Policy =
        $"default-src 'none'; style-src '{HashOf(Style)}'; script-src '{HashOf(Submit)}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>A button that places the call.</summary>
    /// <param name="isSignedIn">The user is known by a session: the form sends itself.</param>
    public static IResult Ask(string destination, string user, string ticket, bool isSignedIn) => new Page(
        StatusCodes.Status200OK, $"Call {destination}?",
        $"""
        <p>The phones of {Safe(user)} will ring first.</p>
        <form method="post" action="/dial"><input type="hidden" name="t" value="{Safe(ticket)}"><button type="submit" autofocus>Call {Safe(destination)}</button></form>
        {(isSignedIn ? $"<script>{Submit}</script>" : "")}
        """);

    public static IResult Calling(string destination, string user) =>
        new Page(StatusCodes.Status200OK, $"Calling {destination}", $"<p role=\"status\">The phones of {Safe(user)} ring. Answer, and {Safe(destination)} is called. This page may be closed.</p>");

    public static IResult Refused(Problem problem, string? challenge = null) =>
        new Page(problem.Status, "No call", $"<p role=\"alert\">{Safe(problem.Title)}</p><p><small>{Safe(problem.Reason)}</small></p>", problem, challenge);

    private static string Safe(string text) => WebUtility.HtmlEncode(text);

    private static string HashOf(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private sealed class Page(int status, string title, string content, Problem? problem = null, string? challenge = null) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (problem is not null) httpContext.RequestServices.GetService<AppMetrics>()?.Refused(problem);
            var headers = httpContext.Response.Headers;
            httpContext.Response.StatusCode = status;
            headers.CacheControl = "no-store";
            headers.ContentSecurityPolicy = Policy;
            headers[HeaderNames.XContentTypeOptions] = "nosniff";
            // The address has the credential in it.
            headers["Referrer-Policy"] = "no-referrer";
            headers["X-Robots-Tag"] = "noindex";
            if (challenge is not null) headers.WWWAuthenticate = challenge;
            if (problem?.RetryAfterSeconds is { } seconds) headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            httpContext.Response.ContentType = "text/html; charset=utf-8";
            return httpContext.Response.WriteAsync(
                $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Safe(title)}</title>"
                + $"<style>{Style}</style></head><body><main><h1>{Safe(title)}</h1>{content}</main></body></html>", httpContext.RequestAborted);
        }
    }
}
