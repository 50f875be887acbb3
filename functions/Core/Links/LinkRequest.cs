using ClickToDial.Core.Destinations;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Links;

/// <summary>Body of <c>POST /api/links</c>, checked for form.</summary>
public sealed record LinkRequest(string User, string Destination, string? Domain, int LifetimeSeconds, bool Connect)
{
    public const int DefaultSeconds = 24 * 3600;
    public const int MaxSeconds = 30 * 24 * 3600;

    public static Result<LinkRequest> Read(ReadOnlyMemory<byte> body)
    {
        var parsed = JsonFields.Parse(body);
        if (!parsed.IsOk) return parsed.Problem;
        var fields = parsed.Value;
        var request = new LinkRequest(
            fields.RequiredText("user", DestinationName.MaxUserLength),
            fields.RequiredText("destination", NumberText.MaxLength),
            fields.OptionalText("domain", DestinationName.MaxDomainLength),
            fields.OptionalNumber("lifetimeSeconds", 10, MaxSeconds) ?? DefaultSeconds,
            fields.OptionalFlag("connect") ?? false);
        return fields.Problem is { } problem ? problem : request;
    }
}
