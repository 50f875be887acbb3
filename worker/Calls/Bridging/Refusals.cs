using System.Collections.Concurrent;
using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Sounds;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Directory;
using ClickToDial.Media.Sdp;
using ClickToDial.Sip.Transactions;

namespace ClickToDial.Calls.Bridging;

/// <summary>An INVITE of which no call is made.</summary>
/// <param name="Status">Final response, 400 to 699.</param>
/// <param name="Rule">What refuses it, by a fixed word; also the name of the sound that says so.</param>
internal sealed record Refusal(ServerTransaction Transaction, int Status, string Rule)
{
    /// <summary>In place of the status's usual one.</summary>
    public string? Phrase { get; init; }

    /// <summary>The sound's name, where it is not the rule's.</summary>
    public string? Announcement { get; init; }

    /// <summary>Whose language is spoken; null where nobody was found.</summary>
    public string? Domain { get; init; }

    /// <summary>What the directory says of the caller's media.</summary>
    public MediaProtection? Srtp { get; init; }

    /// <summary>What the caller's sound may be in; null for all that there is.</summary>
    public Func<IReadOnlyList<AudioCodec>, IReadOnlyList<AudioCodec>>? Codecs { get; init; }
}

/// <summary>
/// Refuses what no call is made of. Where that is wished and there is a sound for it, the caller hears it first, as early media;
/// so many at once and no more, as no limit of calls or trunks holds for them. Runs on the stack's loop.
/// </summary>
internal sealed class Refusals(LegContext legs, CallServices services)
{
    private const int MostAtOnce = 100;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<RefusedCaller, bool> _hearing = [];

    public void Refuse(Refusal refusal)
    {
        if (TryAnnounce(refusal)) return;
        if (refusal.Phrase is { } phrase) refusal.Transaction.Respond(refusal.Status, phrase);
        else refusal.Transaction.Respond(refusal.Status);
    }

    /// <summary>Refuses who still hears something at once. From any thread.</summary>
    public void EndAll()
    {
        foreach (var caller in _hearing.Keys) caller.End();
    }

    private bool TryAnnounce(Refusal refusal)
    {
        var sounds = services.Sounds;
        if (sounds.Announces != FailureAnnouncements.Always || refusal.Transaction.Request.Body.IsEmpty || _hearing.Count >= MostAtOnce) return false;
        var domain = refusal.Domain is { } name ? services.Directory.Current?.SoundsOf(name) : null;
        if (sounds.Find(refusal.Announcement ?? refusal.Rule, domain) is not { } sound) return false;
        if (legs.Srtp.ForAnswer(refusal.Srtp, refusal.Transaction.Flow.Kind) is not { } srtp) return false;
        if (legs.Endpoint.ContactFor(refusal.Transaction.Flow, user: null) is not { } contact) return false;
        var caller = new RefusedCaller(services, refusal, ended => _hearing.TryRemove(ended, out _));
        var leg = new IncomingLeg(legs, caller, Leg.IdOf(1), LegRole.Caller, refusal.Transaction, contact) { Srtp = srtp };
        _hearing[caller] = true;
        var longest = sound.Duration < Longest ? sound.Duration + TimeSpan.FromSeconds(1) : Longest;
        if (caller.TryBegin(leg, sound, longest)) return true;
        _hearing.TryRemove(caller, out _);
        return false;
    }
}
