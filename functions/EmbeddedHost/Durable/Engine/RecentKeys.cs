namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>The last keys that were added: enough to tell something that is on its way twice.</summary>
internal sealed class RecentKeys
{
    private const int Most = 1024;
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public bool Contains(string key) => _keys.Contains(key);

    public void Add(string key)
    {
        if (!_keys.Add(key)) return;
        _order.Enqueue(key);
        if (_order.Count > Most) _keys.Remove(_order.Dequeue());
    }
}
