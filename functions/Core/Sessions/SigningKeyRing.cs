namespace ClickToDial.Core.Sessions;

/// <summary>
/// The keys in force: the first signs, all of them verify. A key is changed by putting the new one first and dropping the old
/// one once the last token it signed has expired.
/// </summary>
public sealed class SigningKeyRing
{
    private volatile State _state;

    /// <exception cref="ArgumentException">There is no key, or the first cannot sign.</exception>
    public SigningKeyRing(IReadOnlyList<SigningKey> keys) => _state = StateOf(keys);

    public IReadOnlyList<SigningKey> Keys => _state.Keys;

    public SigningKey Current => Keys[0];

    public SigningKey? Find(string id) => _state.ById.GetValueOrDefault(id);

    /// <summary>Other keys from now on.</summary>
    /// <exception cref="ArgumentException">There is no key, or the first cannot sign.</exception>
    public void Replace(IReadOnlyList<SigningKey> keys) => _state = StateOf(keys);

    private static State StateOf(IReadOnlyList<SigningKey> keys)
    {
        if (keys.Count == 0 || !keys[0].CanSign) throw new ArgumentException("The first key must be a private key.", nameof(keys));
        // A key may stand twice while keys are replaced.
        IReadOnlyList<SigningKey> each = [.. keys.DistinctBy(k => k.Id)];
        return new State(each, each.ToDictionary(k => k.Id, StringComparer.Ordinal));
    }

    private sealed record State(IReadOnlyList<SigningKey> Keys, Dictionary<string, SigningKey> ById);
}
