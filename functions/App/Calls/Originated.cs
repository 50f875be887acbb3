using ClickToDial.Core.Calls;

namespace ClickToDial.App.Calls;

/// <param name="Replayed">An earlier request with the same key had decided it.</param>
public sealed record Originated(PlacedCall Call, bool Replayed);
