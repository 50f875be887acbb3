using System.Text.Json;

namespace ClickToDial.App.Adapters;

/// <summary>The names that an enumeration of the contract has in JSON.</summary>
internal static class ContractNames<T>
    where T : struct, Enum
{
    private static readonly Dictionary<T, string> Names =
        Enum.GetValues<T>().ToDictionary(v => v, v => JsonSerializer.SerializeToElement(v).GetString()!);

    private static readonly Dictionary<string, T> Values = Names.ToDictionary(p => p.Value, p => p.Key, StringComparer.Ordinal);

    public static string Of(T value) => Names[value];

    /// <exception cref="FormatException">The contract has no such name.</exception>
    public static T Parse(string name) =>
        Values.TryGetValue(name, out var value) ? value : throw new FormatException($"A stored {typeof(T).Name} is not known.");
}
