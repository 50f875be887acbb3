namespace ClickToDial.App.Adapters;

/// <summary>Too many writers met on one entity. Storage is well, and a repeat may succeed.</summary>
public sealed class EntityContendedException() : Exception("An entity stayed contended.");
