using System.Globalization;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Access;

/// <summary>Body of <c>POST /api/keys</c>, checked for form.</summary>
/// <param name="AllowFrom">Networks in CIDR notation; empty for all.</param>
/// <param name="RequestsPerMinute">Null for the app's own limit.</param>
public sealed record NewKeyRequest(
    string Name, IReadOnlyList<string> Scopes, IReadOnlyList<string> AllowFrom, DateTimeOffset? ExpiresAt, int? RequestsPerMinute)
{
    public const int MaxName = 100;
    public const int MaxNetworks = 64;

    public static Result<NewKeyRequest> Read(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        var parsed = JsonFields.Parse(body);
        if (!parsed.IsOk) return parsed.Problem;
        var fields = parsed.Value;
        var request = new NewKeyRequest(
            fields.RequiredText("name", MaxName),
            fields.OptionalTexts("scopes", ApiScopeNames.All.Count, 32) ?? [],
            fields.OptionalTexts("allowFrom", MaxNetworks, 64) ?? [],
            Time(fields),
            fields.OptionalNumber("requestsPerMinute", 1, 1_000_000));
        if (fields.Problem is null && request.Scopes.Count == 0) fields.Fail(KnownProblems.FieldMissing, "scopes");
        if (request.Scopes.Any(s => !ApiScopeNames.TryParse(s, out _))) fields.Fail(KnownProblems.FieldInvalid, "scopes");
        if (request.AllowFrom.Any(n => !AddressRanges.TryParse(n, out _))) fields.Fail(KnownProblems.FieldInvalid, "allowFrom");
        if (request.ExpiresAt <= now) fields.Fail(KnownProblems.FieldOutOfRange, "expiresAt");
        return fields.Problem is { } problem ? problem : request;
    }

    private static DateTimeOffset? Time(JsonFields fields)
    {
        if (fields.OptionalText("expiresAt", 40) is not { } text) return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) return time;
        fields.Fail(KnownProblems.FieldInvalid, "expiresAt");
        return null;
    }
}
