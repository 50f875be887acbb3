using System.Collections.Immutable;

namespace ClickToDial.Core.Sessions;

/// <summary>
/// The uses of one token: the marks of the calls it was spent on. A mark stands for a principal and idempotency key, so that
/// the same request again spends nothing, also when the first try died half-way.
/// </summary>
public sealed record TokenUse(ImmutableArray<string> Marks)
{
    public static TokenUse None { get; } = new([]);

    /// <summary>Null when every use is spent; the same object when the mark has been spent already.</summary>
    public TokenUse? Spend(string mark, int calls)
    {
        if (Marks.Contains(mark)) return this;
        return Marks.Length >= calls ? null : new TokenUse(Marks.Add(mark));
    }
}
