using ClickToDial.Core.Egress;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;
using ClickToDial.Core.Webhooks;

namespace ClickToDial.Core.Deliveries;

/// <summary>Body of <c>POST</c> and <c>PATCH /api/webhooks</c>, checked for form; what is null was not said.</summary>
/// <param name="Secret">A new signing secret of the subscriber's own making.</param>
/// <param name="NewSecret">A new signing secret is to be made.</param>
/// <param name="KeepPreviousHours">How long older secrets go on signing, 0 to 168.</param>
/// <param name="Verify">The URL must answer a challenge first.</param>
public sealed record SubscriptionRequest(
    Uri? Url, PayloadStyle? Style, IReadOnlyList<string>? Triggers, IReadOnlyDictionary<string, string>? Headers, string? Secret, string? Token,
    bool? Enabled, bool NewSecret, int KeepPreviousHours, bool Verify)
{
    public const int MaxToken = 128;
    public const int MinToken = 16;
    private const int DefaultKeepHours = 24;
    private const int MaxKeepHours = 168;
    private const int MaxTriggers = 40;

    public static Result<SubscriptionRequest> Read(ReadOnlyMemory<byte> body, EgressRules rules, bool allowPlainHttp)
    {
        var parsed = JsonFields.Parse(body);
        if (!parsed.IsOk) return parsed.Problem;
        var fields = parsed.Value;
        var request = new SubscriptionRequest(
            Address(fields, rules, allowPlainHttp), Words(fields), fields.OptionalTexts("triggers", MaxTriggers, 64), ExtraHeaders(fields),
            SigningSecret(fields), AnyToken(fields), fields.OptionalFlag("enabled"), fields.OptionalFlag("newSecret") ?? false,
            fields.OptionalNumber("keepPreviousHours", 0, MaxKeepHours) ?? DefaultKeepHours, fields.OptionalFlag("verify") ?? false);
        return fields.Problem is { } problem ? problem : request;
    }

    /// <summary>Null when every trigger is one of the style's; "*" alone means all of them.</summary>
    public static Problem? CheckTriggers(IReadOnlyList<string> triggers, PayloadStyle style) =>
        triggers is [Deliveries.Triggers.All] || triggers.All(Deliveries.Triggers.Of(style).Contains) ? null : KnownProblems.FieldInvalid with { Field = "triggers" };

    private static Uri? Address(JsonFields fields, EgressRules rules, bool allowPlainHttp)
    {
        if (fields.OptionalText("url", WebhookUrl.MaxLength) is not { } text) return null;
        if (WebhookUrl.TryParse(text, rules, allowPlainHttp, out var url)) return url;
        fields.Fail(KnownProblems.WebhookUrlNotAllowed, "url");
        return null;
    }

    private static PayloadStyle? Words(JsonFields fields)
    {
        switch (fields.OptionalText("style", 32))
        {
            case null: return null;
            case "pbx": return PayloadStyle.Pbx;
            case "call-event": return PayloadStyle.CallEvent;
            default:
                fields.Fail(KnownProblems.FieldInvalid, "style");
                return null;
        }
    }

    private static IReadOnlyDictionary<string, string>? ExtraHeaders(JsonFields fields)
    {
        var headers = fields.OptionalTextMap("headers", HeaderRules.MaxCount, HeaderRules.MaxValue);
        if (headers?.Any(h => !HeaderRules.IsAllowed(h.Key, h.Value)) == true) fields.Fail(KnownProblems.HeaderNotAllowed, "headers");
        return headers;
    }

    private static string? SigningSecret(JsonFields fields)
    {
        var secret = fields.OptionalText("secret", 128);
        if (secret is not null && !StandardWebhook.TryReadSecret(secret, out _)) fields.Fail(KnownProblems.FieldInvalid, "secret");
        return secret;
    }

    private static string? AnyToken(JsonFields fields)
    {
        var token = fields.OptionalText("token", MaxToken);
        if (token is not null && (token.Length < MinToken || token.Any(c => c is <= ' ' or > '~'))) fields.Fail(KnownProblems.FieldInvalid, "token");
        return token;
    }
}
