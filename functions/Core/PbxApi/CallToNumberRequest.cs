using ClickToDial.Core.Calls;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.PbxApi;

/// <summary>Reads <c>call-to-number</c>: user_number, number_to_call, and caller_id where wanted.</summary>
public static class CallToNumberRequest
{
    private const int MaxText = 64;

    public static Result<CallRequest> Read(Func<string, string?> field, DomainView domain)
    {
        if ((Text(field("user_number")) ?? Text(field("user")) ?? Text(field("user_name"))) is not { } user) return KnownProblems.FieldMissing with { Field = "user_number" };
        if (Text(field("number_to_call")) is not { } number) return KnownProblems.FieldMissing with { Field = "number_to_call" };
        var callerId = Text(field("caller_id"));
        if (!DestinationName.IsUserName(user)) return KnownProblems.FieldInvalid with { Field = "user_number" };
        var destination = Number(number, domain);
        if (!DestinationName.IsE164(destination) && !DestinationName.IsUserName(destination)) return KnownProblems.DestinationInvalid with { Field = "number_to_call" };
        if (callerId is not null) callerId = Number(callerId, domain);
        if (callerId is not null && !DestinationName.IsE164(callerId) && !DestinationName.IsUserName(callerId)) return KnownProblems.FieldInvalid with { Field = "caller_id" };
        return new CallRequest(user, destination, callerId, Prompt: false, CallRequest.DefaultRingSeconds, Domain: null);
    }

    /// <summary>E.164; the "+" may be left out where the digits are no user's name, and the usual marks between digits are.</summary>
    private static string Number(string text, DomainView domain)
    {
        var plain = new string([.. text.Where(c => c is not (' ' or '-' or '(' or ')' or '.'))]);
        if (domain.Users.ContainsKey(text)) return text;
        if (plain.StartsWith('+')) return plain;
        return DestinationName.IsE164("+" + plain) ? "+" + plain : text;
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) || text.Length > MaxText ? null : text.Trim();
}
