namespace ClickToDial.Core.Deliveries;

/// <summary>The deliveries that are pending in one lane, the first to go first.</summary>
public sealed class Lane
{
    /// <summary>No call has so many steps; what goes on for ever ends here.</summary>
    public const int MostWaiting = 500;

    private const char Between = '|';

    private readonly List<string> _entries;

    /// <param name="entries">As <see cref="Entries"/> said.</param>
    public Lane(IReadOnlyList<string> entries) => _entries = [.. entries];

    public static Lane Empty { get; } = new([]);

    /// <summary>Place and id of each, in ordinal order.</summary>
    public IReadOnlyList<string> Entries => _entries;

    public bool IsFull => _entries.Count >= MostWaiting;

    /// <summary>Id of the first; null when none is pending.</summary>
    public string? Head => _entries is [var first, ..] ? IdOf(first) : null;

    public static string IdOf(string entry) => entry[(entry.IndexOf(Between, StringComparison.Ordinal) + 1)..];

    public Lane With(Delivery delivery) => new([.. _entries.Append(Entry(delivery)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);

    public Lane Without(Delivery delivery)
    {
        var gone = Entry(delivery);
        return new Lane([.. _entries.Where(e => e != gone)]);
    }

    private static string Entry(Delivery delivery) => $"{delivery.Place}{Between}{delivery.Id}";
}
