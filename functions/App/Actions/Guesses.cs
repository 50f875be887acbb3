using System.Collections.Concurrent;

namespace ClickToDial.App.Actions;

/// <summary>
/// What a row named when this process last read it. Only ever a guess: it lets rows be read at once that would be read one after the
/// other, and what is read decides.
/// </summary>
public sealed class Guesses<T>(int most)
    where T : class
{
    private readonly ConcurrentDictionary<(string, string), T> _last = new();

    public T? Of(string domain, string key) => _last.GetValueOrDefault((domain, key));

    public void Note(string domain, string key, T value)
    {
        // Seldom, and what is forgotten costs one round trip each.
        if (_last.Count >= most) _last.Clear();
        _last[(domain, key)] = value;
    }
}
