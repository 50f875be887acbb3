using ClickToDial.Core.Access;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Sessions;

/// <summary>Body of <c>POST /api/sessions</c>, checked.</summary>
/// <param name="Origin">Normalised, see <see cref="WebOrigin"/>.</param>
/// <param name="Destinations">Each an E.164 number, a prefix such as <c>+4930*</c>, a user or a test number.</param>
public sealed record SessionRequest(
    string User,
    string? Domain,
    IReadOnlyList<string>? Destinations,
    string? Origin,
    int? LifetimeSeconds,
    int Calls)
{
    public const int MaxCalls = 100;
    public const int MaxDestinations = 20;

    public static Result<SessionRequest> Read(ReadOnlyMemory<byte> body, SessionLimits limits)
    {
        var parsed = JsonFields.Parse(body);
        if (!parsed.IsOk) return parsed.Problem;
        var fields = parsed.Value;
        var origin = fields.OptionalText("origin", WebOrigin.MaxLength);
        var request = new SessionRequest(
            fields.RequiredText("user", DestinationName.MaxUserLength),
            fields.OptionalText("domain", DestinationName.MaxDomainLength),
            fields.OptionalTexts("destinations", MaxDestinations, DestinationName.MaxUserLength),
            WebOrigin.Normalize(origin),
            fields.OptionalNumber("lifetimeSeconds", limits.MinSeconds, limits.MaxSeconds),
            fields.OptionalNumber("calls", 1, MaxCalls) ?? 1);
        if (origin is not null && request.Origin is null) fields.Fail(KnownProblems.FieldInvalid, "origin");
        if (request.Destinations?.All(DestinationName.IsPattern) == false) fields.Fail(KnownProblems.FieldInvalid, "destinations");
        return fields.Problem is { } problem ? problem : request;
    }
}
