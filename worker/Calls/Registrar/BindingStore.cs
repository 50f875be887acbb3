using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace ClickToDial.Calls.Registrar;

/// <summary>What a device asks for one of its contacts.</summary>
/// <param name="Lifetime">Zero takes the binding away.</param>
public readonly record struct ContactWish(string Contact, TimeSpan Lifetime, string? Instance, int? FlowId = null);

/// <summary>
/// Who can be reached where, in memory. Reading takes no lock: a user's bindings are an immutable list that a change replaces.
/// </summary>
public sealed class BindingStore(TimeProvider time)
{
    /// <summary>A device that comes from ever new addresses, as one that restarts does, keeps this many; the oldest make room.</summary>
    public const int MaxPerDevice = 4;

    /// <summary>All devices of one user keep this many: a flood would else make every call to the user a fork bomb.</summary>
    public const int MaxPerUser = 16;

    private readonly ConcurrentDictionary<(string Domain, string User), ImmutableArray<Binding>> _users = new();

    /// <summary>Told after each change, from the thread that made it: must not block.</summary>
    internal Action<string, string>? Changed { get; set; }

    /// <summary>Users with bindings, or with some that have just expired.</summary>
    public int UserCount => _users.Count;

    /// <summary>The live bindings of a user, the last registered first.</summary>
    public IReadOnlyList<Binding> Find(string domain, string user)
    {
        if (!_users.TryGetValue((domain, user), out var bindings)) return [];
        var now = time.GetUtcNow();
        return bindings.All(binding => binding.ExpiresAt > now) ? bindings : bindings.RemoveAll(binding => binding.ExpiresAt <= now);
    }

    /// <summary>Every live binding.</summary>
    public IReadOnlyList<Binding> All()
    {
        var now = time.GetUtcNow();
        return [.. _users.Values.SelectMany(bindings => bindings).Where(binding => binding.ExpiresAt > now)];
    }

    /// <summary>
    /// Carries out one REGISTER, all of it or nothing (RFC 3261 section 10.3). <paramref name="prototype"/> holds all that is
    /// the same for its contacts. False when it is older than what is known of its Call-ID, or asks for too many.
    /// </summary>
    public bool TryApply(Binding prototype, IReadOnlyList<ContactWish> wishes)
    {
        var key = (prototype.Domain, prototype.User);
        while (true)
        {
            var known = _users.TryGetValue(key, out var old);
            if (!known) old = [];
            if (Apply(old, prototype, wishes) is not { } changed) return false;
            if (!(known ? Replace(key, old, changed) : changed.IsEmpty || _users.TryAdd(key, changed))) continue;
            Changed?.Invoke(prototype.Domain, prototype.User);
            return true;
        }
    }

    /// <summary>Takes away every binding of one account (Contact: *). False when the request is older than one of them.</summary>
    public bool TryClear(Binding prototype)
    {
        var mine = Find(prototype.Domain, prototype.User).Where(binding => binding.Device == prototype.Device);
        return TryApply(prototype, [.. mine.Select(binding => new ContactWish(binding.Contact, TimeSpan.Zero, null))]);
    }

    /// <summary>
    /// A device has registered elsewhere. What it had here under the same Call-ID, with a lower sequence, is what it has left (RFC 3261 section
    /// 10.2.4); under another Call-ID it may want to be in both places.
    /// </summary>
    public void MoveAway(Binding elsewhere)
    {
        ArgumentNullException.ThrowIfNull(elsewhere);
        var key = (elsewhere.Domain, elsewhere.User);
        while (_users.TryGetValue(key, out var known))
        {
            var left = known.RemoveAll(binding =>
                binding.Device == elsewhere.Device && binding.CallId == elsewhere.CallId && binding.Sequence < elsewhere.Sequence && binding.FlowId == elsewhere.FlowId);
            if (left.Length == known.Length) return;
            if (!Replace(key, known, left)) continue;
            Changed?.Invoke(elsewhere.Domain, elsewhere.User);
            return;
        }
    }

    /// <summary>Takes bindings that were kept over a restart.</summary>
    public void Restore(IEnumerable<Binding> bindings)
    {
        var now = time.GetUtcNow();
        foreach (var group in bindings.Where(binding => binding.ExpiresAt > now).GroupBy(binding => (binding.Domain, binding.User)))
            _users.TryAdd(group.Key, [.. group.Take(MaxPerUser)]);
    }

    /// <summary>Forgets what has expired.</summary>
    public void Purge()
    {
        var now = time.GetUtcNow();
        foreach (var (key, bindings) in _users)
        {
            var live = bindings.RemoveAll(binding => binding.ExpiresAt <= now);
            // Who changed it meanwhile has purged it too.
            if (live.Length < bindings.Length && Replace(key, bindings, live)) Changed?.Invoke(key.Domain, key.User);
        }
    }

    private bool Replace((string, string) key, ImmutableArray<Binding> old, ImmutableArray<Binding> changed) => changed.IsEmpty
        ? _users.TryRemove(new KeyValuePair<(string, string), ImmutableArray<Binding>>(key, old))
        : _users.TryUpdate(key, changed, old);

    private ImmutableArray<Binding>? Apply(ImmutableArray<Binding> old, Binding prototype, IReadOnlyList<ContactWish> wishes)
    {
        var now = time.GetUtcNow();
        var result = old.RemoveAll(binding => binding.ExpiresAt <= now || IsMovedFrom(binding, prototype, wishes));
        // RFC 3261 section 10.3 item 7: within one Call-ID the higher CSeq is the later word, whatever contact it is about; another
        // Call-ID is a new start.
        if (result.Any(b => b.Device == prototype.Device && b.CallId == prototype.CallId && prototype.Sequence <= b.Sequence)) return null;
        foreach (var wish in wishes)
        {
            result = result.RemoveAll(binding => IsSame(binding, prototype, wish));
            if (wish.Lifetime > TimeSpan.Zero)
                result = result.Insert(0, prototype with { Contact = wish.Contact, ExpiresAt = now + wish.Lifetime, Instance = wish.Instance, FlowId = wish.FlowId });
        }
        return wishes.Count > MaxPerDevice ? null : WithoutOldest(result, prototype.Device);
    }

    // The newest stand first.
    private static ImmutableArray<Binding> WithoutOldest(ImmutableArray<Binding> bindings, string device)
    {
        var seen = 0;
        var kept = bindings.RemoveAll(binding => binding.Device == device && ++seen > MaxPerDevice);
        return kept.Length > MaxPerUser ? kept.RemoveRange(MaxPerUser, kept.Length - MaxPerUser) : kept;
    }

    // A later REGISTER of one Call-ID is the same device refreshing itself (RFC 3261 section 10.2): a single contact in it takes
    // the place of the one it had before, else every new port would leave a dead binding behind.
    private static bool IsMovedFrom(Binding binding, Binding prototype, IReadOnlyList<ContactWish> wishes) =>
        wishes.Count == 1 && wishes[0].Lifetime > TimeSpan.Zero && wishes[0].Contact != binding.Contact
        && binding.Device == prototype.Device && binding.CallId == prototype.CallId && binding.Sequence < prototype.Sequence
        && !IsOtherFlow(binding, wishes[0]);

    // A device that says its instance is one device, however often its address changes; only flows that it numbers stand beside
    // each other (RFC 5626 section 6).
    private static bool IsSame(Binding binding, Binding prototype, ContactWish wish) =>
        binding.Device == prototype.Device && !IsOtherFlow(binding, wish)
        && (binding.Contact == wish.Contact || (wish.Instance is not null && binding.Instance == wish.Instance));

    private static bool IsOtherFlow(Binding binding, ContactWish wish) =>
        wish.Instance is not null && binding.Instance == wish.Instance
        && binding.FlowId is { } known && wish.FlowId is { } wished && known != wished;
}
