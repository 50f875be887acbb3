using System.Diagnostics.CodeAnalysis;

namespace ClickToDial.Core.Problems;

/// <summary>A value, or the reason why there is none. Expected refusals travel in it; exceptions are for defects and broken dependencies.</summary>
public readonly record struct Result<T>
    where T : notnull
{
    private Result(T? value, Problem? problem) => (Value, Problem) = (value, problem);

    public T? Value { get; }

    public Problem? Problem { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsOk => Problem is null;

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Problem problem) => new(default, problem);
}
