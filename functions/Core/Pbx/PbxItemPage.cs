namespace ClickToDial.Core.Pbx;

/// <param name="Next">Where to go on, or null at the end.</param>
public sealed record PbxItemPage(IReadOnlyList<PbxItem> Items, string? Next);
