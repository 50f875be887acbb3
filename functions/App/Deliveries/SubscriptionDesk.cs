using System.Security.Cryptography;
using System.Text;
using ClickToDial.App.Adapters.Egress;
using ClickToDial.Core;
using ClickToDial.Core.Access;
using ClickToDial.Core.Deliveries;
using ClickToDial.Core.Egress;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;
using ClickToDial.Core.Webhooks;

namespace ClickToDial.App.Deliveries;

/// <summary>Makes, changes, tests and deletes the subscriptions of a domain.</summary>
public sealed class SubscriptionDesk(
    SubscriptionStore store, SubscriptionBook book, IDeliveryStore deliveries, IDeliveryTasks tasks, IDeliverySender sender, EgressRules rules,
    EgressOptions egress, IRandomSource random, TimeProvider time)
{
    public const int MostPerDomain = 50;
    private const int SecretBytes = 32;

    public async Task<Result<WebhookView>> CreateAsync(Principal principal, ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        var request = SubscriptionRequest.Read(body, rules, egress.AllowPlainHttp);
        if (!request.IsOk) return request.Problem;
        var asked = request.Value;
        if (asked.Url is not { } url) return KnownProblems.FieldMissing with { Field = "url" };
        var (style, triggers) = (asked.Style ?? PayloadStyle.Pbx, asked.Triggers ?? []);
        if (SubscriptionRequest.CheckTriggers(triggers, style) is { } fault) return fault;
        if ((await store.ListAsync(principal.Domain, stop)).Count >= MostPerDomain) return KnownProblems.TooManyWebhooks;
        var secrets = new WebhookSecrets(
            [new WebhookSecret(asked.Secret ?? NewSecret())], asked.Token ?? Hex(SecretBytes), asked.Headers ?? new Dictionary<string, string>());
        var made = new Subscription("wh" + Hex(8), principal.Domain, url, style, Chosen(triggers), asked.Enabled ?? true, null, time.GetUtcNow(), secrets);
        if (asked.Verify && !await AnswersAsync(made, stop)) return KnownProblems.WebhookNotVerified with { Field = "url" };
        await store.AddAsync(made, stop);
        book.Forget(principal.Domain);
        return WebhookView.Of(made, time.GetUtcNow()) with { Secret = secrets.Signing[0].Value, Token = secrets.Token };
    }

    public async Task<WebhookListView> ListAsync(Principal principal, CancellationToken stop) =>
        new([.. (await store.ListAsync(principal.Domain, stop)).OrderBy(s => s.CreatedAt).Select(s => WebhookView.Of(s, time.GetUtcNow()))]);

    public async Task<Result<WebhookView>> GetAsync(Principal principal, string id, CancellationToken stop)
    {
        var found = await FindAsync(principal, id, stop);
        if (!found.IsOk) return found.Problem;
        var (breaker, _) = await deliveries.BreakerAsync(principal.Domain, id, stop);
        return WebhookView.Of(found.Value, time.GetUtcNow()) with { PausedUntil = breaker.PausedUntil };
    }

    public async Task<Result<WebhookView>> ChangeAsync(Principal principal, string id, ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        var request = SubscriptionRequest.Read(body, rules, egress.AllowPlainHttp);
        if (!request.IsOk) return request.Problem;
        var found = await FindAsync(principal, id, stop);
        if (!found.IsOk) return found.Problem;
        var secret = request.Value.Secret ?? (request.Value.NewSecret ? NewSecret() : null);
        var planned = Apply(found.Value, request.Value, secret);
        if (SubscriptionRequest.CheckTriggers(planned.Triggers, planned.Style) is { } fault) return fault;
        if (request.Value.Verify && !await AnswersAsync(planned, stop)) return KnownProblems.WebhookNotVerified with { Field = "url" };
        var changed = await store.ChangeAsync(principal.Domain, id, s => Apply(s, request.Value, secret), stop);
        book.Forget(principal.Domain);
        return changed is null ? KnownProblems.WebhookUnknown : WebhookView.Of(changed, time.GetUtcNow()) with { Secret = secret, Token = request.Value.Token };
    }

    public async Task<Problem?> DeleteAsync(Principal principal, string id, CancellationToken stop)
    {
        var found = await FindAsync(principal, id, stop);
        if (!found.IsOk) return found.Problem;
        await store.DeleteAsync(principal.Domain, id, stop);
        book.Forget(principal.Domain);
        // A message for its deliveries: should this die here, they stay behind, and nobody can see them any more.
        await tasks.SendAsync(new DeliveryTask(principal.Domain, id), TimeSpan.Zero, stop);
        return null;
    }

    /// <summary>One attempt with a sample, at once; nothing is kept of it.</summary>
    public async Task<Result<WebhookTestView>> TestAsync(Principal principal, string id, ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        var fields = JsonFields.Parse(body);
        if (!fields.IsOk) return fields.Problem;
        var wanted = fields.Value.OptionalText("trigger", 64);
        if (fields.Value.Problem is { } fault) return fault;
        var found = await FindAsync(principal, id, stop);
        if (!found.IsOk) return found.Problem;
        var samples = SampleEvents.Of(found.Value.Style);
        var trigger = wanted ?? (found.Value.Triggers is [var first, ..] ? first : samples.Keys.First());
        if (!samples.TryGetValue(trigger, out var sample)) return KnownProblems.FieldInvalid with { Field = "trigger" };
        var eventId = $"test.{Hex(8)}";
        var result = await sender.SendAsync(found.Value, eventId, sample.Body, null, stop);
        return new WebhookTestView(eventId, trigger, result.Attempt.IsSuccess, result.Attempt);
    }

    public async Task<Result<Subscription>> FindAsync(Principal principal, string id, CancellationToken stop)
    {
        if (id.Length > 32 || !id.All(char.IsAsciiLetterOrDigit)) return KnownProblems.WebhookUnknown;
        return await store.FindAsync(principal.Domain, id, stop) is { } found ? found : KnownProblems.WebhookUnknown;
    }

    private Subscription Apply(Subscription s, SubscriptionRequest asked, string? secret)
    {
        var secrets = s.Secrets with { Token = asked.Token ?? s.Secrets.Token, Headers = asked.Headers ?? s.Secrets.Headers };
        if (secret is not null) secrets = secrets.Rotated(secret, time.GetUtcNow(), TimeSpan.FromHours(asked.KeepPreviousHours));
        return s with
        {
            Url = asked.Url ?? s.Url,
            Style = asked.Style ?? s.Style,
            Triggers = asked.Triggers is { } triggers ? Chosen(triggers) : s.Triggers,
            Enabled = asked.Enabled ?? s.Enabled,
            DisabledReason = asked.Enabled is null ? s.DisabledReason : null,
            Secrets = secrets,
        };
    }

    /// <summary>Whoever answers with the challenge wants the events, and is no bystander whose URL somebody else wrote down.</summary>
    private async Task<bool> AnswersAsync(Subscription subscription, CancellationToken stop)
    {
        var challenge = Hex(16);
        var body = Encoding.UTF8.GetBytes($$"""{"type":"webhook.verification","challenge":"{{challenge}}"}""");
        var result = await sender.SendAsync(subscription, $"verification.{Hex(8)}", body, null, stop);
        return result.Attempt.IsSuccess && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Answer(result.Body)), Encoding.UTF8.GetBytes(challenge));
    }

    /// <summary>The member "challenge" of a JSON object, or the text itself.</summary>
    private static string Answer(ReadOnlyMemory<byte> body)
    {
        var fields = JsonFields.Parse(body);
        return (fields.IsOk ? fields.Value.OptionalText("challenge", 64) : Encoding.UTF8.GetString(body.Span).Trim()) ?? "";
    }

    private static IReadOnlyList<string> Chosen(IReadOnlyList<string> triggers) => triggers is [Triggers.All] ? [] : [.. triggers.Distinct(StringComparer.Ordinal)];

    private string NewSecret()
    {
        var key = new byte[SecretBytes];
        random.Fill(key);
        return StandardWebhook.SecretPrefix + Convert.ToBase64String(key);
    }

    private string Hex(int bytes)
    {
        var text = new byte[bytes];
        random.Fill(text);
        return Convert.ToHexStringLower(text);
    }
}
