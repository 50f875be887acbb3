using ClickToDial.App.OpenApi;
using ClickToDial.Core.Sessions;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Sessions;

/// <summary><c>GET /.well-known/jwks.json</c>: the public keys that verify session tokens (RFC 7517).</summary>
public sealed class GetJsonWebKeySet(SigningKeyRing keys)
{
    [Function(nameof(GetJsonWebKeySet))]
    [Operation(
        "The keys that verify session tokens.",
        Details = "A JWK Set (RFC 7517). It may be kept for five minutes.",
        Caller = CallerKind.Anyone)]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ".well-known/jwks.json")] HttpRequest request)
    {
        request.HttpContext.Response.Headers.CacheControl = "public, max-age=300";
        return Results.Bytes(JsonWebKeySet.Write(keys), "application/jwk-set+json");
    }
}
