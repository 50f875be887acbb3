namespace ClickToDial.Core.Sessions;

/// <summary>
/// The keys in force: the first signs, all of them verify. A key is changed by putting the new one first and dropping the old
/// one once the last token it signed has expired.
/// </summary>
public sealed class SigningKeyRing
{
    private readonly Dictionary<string, SigningKey> _byId;

    /// <exception cref="ArgumentException">There is no key, or the first cannot sign.</exception>
    public SigningKeyRing(IReadOnlyList<SigningKey> keys)
    {
        if (keys.Count == 0 || !keys[0].CanSign) throw new ArgumentException("The first key must be a private key.", nameof(keys));
        // A key may stand twice while keys are replaced.
        Keys = [.. keys.DistinctBy(k => k.Id)];
        _byId = Keys.ToDictionary(k => k.Id, StringComparer.Ordinal);
    }

    public IReadOnlyList<SigningKey> Keys { get; }

    public SigningKey Current => Keys[0];

    public SigningKey? Find(string id) => _byId.GetValueOrDefault(id);
}
