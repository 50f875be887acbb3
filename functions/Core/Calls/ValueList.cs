using System.Collections;
using System.Collections.Immutable;

namespace ClickToDial.Core.Calls;

/// <summary>A list that is equal to another with equal items, so that records holding it compare as values.</summary>
public abstract record ValueList<T>(ImmutableArray<T> Items) : IReadOnlyList<T>
{
    public int Count => Items.Length;

    public T this[int index] => Items[index];

    public virtual bool Equals(ValueList<T>? other) => other is not null && Items.SequenceEqual(other.Items);

    public override int GetHashCode() => Items.Length;

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)Items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
