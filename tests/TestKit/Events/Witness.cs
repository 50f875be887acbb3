namespace ClickToDial.TestKit.Events;

/// <summary>
/// What is observed beside a test, told only where it fails: each witness is an <see cref="EventLog{T}"/> of something that says more than
/// the assertion does, such as the output of a process.
/// </summary>
public static class Witness
{
    /// <summary>So many that were dismissed are still heard: a test puts its parts away before anyone asks them.</summary>
    private const int Kept = 6;

    private static readonly Lock Gate = new();
    private static readonly List<Statement> Present = [];
    private static readonly Queue<Statement> Gone = [];

    /// <param name="tells">Which of its events are worth telling; null for all.</param>
    public static void Call<T>(EventLog<T> log, Func<T, bool>? tells = null)
    {
        lock (Gate) Present.Add(new Statement(log, log.Name, () => log.Count, from => [.. log.Snapshot().Skip(from).Where(e => tells?.Invoke(e) ?? true).Select(e => $"{e}")]));
    }

    /// <summary>Nothing more will come of it.</summary>
    public static void Dismiss(object log)
    {
        lock (Gate)
        {
            foreach (var gone in Present.Where(s => s.Log == log)) Gone.Enqueue(gone);
            Present.RemoveAll(s => s.Log == log);
            while (Gone.Count > Kept) Gone.Dequeue();
        }
    }

    /// <summary>Where all of them are now.</summary>
    internal static Dictionary<object, int> Positions()
    {
        lock (Gate) return Present.Concat(Gone).DistinctBy(s => s.Log).ToDictionary(s => s.Log, s => s.Count());
    }

    /// <summary>What each has said since then.</summary>
    internal static IEnumerable<(string Name, IReadOnlyList<string> Lines)> Since(Dictionary<object, int> positions)
    {
        List<Statement> all;
        lock (Gate) all = [.. Present, .. Gone];
        foreach (var one in all)
            if (one.From(positions.GetValueOrDefault(one.Log)) is { Count: > 0 } lines) yield return (one.Name, lines);
    }

    private sealed record Statement(object Log, string Name, Func<int> Count, Func<int, IReadOnlyList<string>> From);
}
