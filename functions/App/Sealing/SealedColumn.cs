namespace ClickToDial.App.Sealing;

/// <param name="Column">Holds the sealed value.</param>
/// <param name="KeyColumn">Holds the id of the key that it is sealed with; columns of a row may share one.</param>
/// <param name="Place">What the value is bound to, by partition and row.</param>
public sealed record SealedColumn(string Column, string KeyColumn, Func<string, string, string> Place);
