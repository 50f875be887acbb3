using System.Security.Cryptography;
using System.Text;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Calls;

/// <summary>Body of <c>POST /api/calls</c>, checked for form.</summary>
/// <param name="User">Empty only where a session token already names the user.</param>
/// <param name="AutoAnswer">The user's devices are asked to answer by themselves; each one's settings decide.</param>
public sealed record CallRequest(
    string User,
    string Destination,
    string? CallerId,
    bool Prompt,
    int RingTimeoutSeconds,
    string? Domain,
    bool AutoAnswer = false)
{
    public const int MinRingSeconds = 5;
    public const int MaxRingSeconds = 180;
    public const int DefaultRingSeconds = 30;

    /// <param name="tokenUser">The user a session token names, or null.</param>
    public static Result<CallRequest> Read(ReadOnlyMemory<byte> body, string? tokenUser)
    {
        var parsed = JsonFields.Parse(body);
        if (!parsed.IsOk) return parsed.Problem;
        var fields = parsed.Value;
        var request = new CallRequest(
            ReadUser(fields, tokenUser),
            fields.RequiredText("destination", DestinationName.MaxUserLength),
            fields.OptionalText("callerId", DestinationName.MaxUserLength),
            fields.OptionalFlag("prompt") ?? false,
            fields.OptionalNumber("ringTimeoutSeconds", MinRingSeconds, MaxRingSeconds) ?? DefaultRingSeconds,
            fields.OptionalText("domain", DestinationName.MaxDomainLength),
            fields.OptionalFlag("autoAnswer") ?? false);
        if (!IsDestination(request.Destination)) fields.Fail(KnownProblems.DestinationInvalid, "destination");
        if (request.CallerId is { } id && !IsDestination(id)) fields.Fail(KnownProblems.FieldInvalid, "callerId");
        return fields.Problem is { } problem ? problem : request;
    }

    /// <summary>Equal for requests that ask for the same call, however their JSON is written.</summary>
    public string Fingerprint()
    {
        // No field holds a control character, so the separator cannot be forged.
        var text = string.Join('\n', User, Destination, CallerId, Prompt ? "1" : "0", RingTimeoutSeconds, Domain);
        // Only where it is asked for: what was asked before there was such a thing keeps its mark.
        if (AutoAnswer) text += "\nauto-answer";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static string ReadUser(JsonFields fields, string? tokenUser) =>
        tokenUser is null
            ? fields.RequiredText("user", DestinationName.MaxUserLength)
            : fields.OptionalText("user", DestinationName.MaxUserLength) ?? tokenUser;

    private static bool IsDestination(string text) => DestinationName.IsE164(text) || DestinationName.IsUserName(text);
}
