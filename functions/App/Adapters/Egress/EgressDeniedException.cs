namespace ClickToDial.App.Adapters.Egress;

/// <summary>Every address that a name stands for is one that must not be reached.</summary>
public sealed class EgressDeniedException() : IOException("The address is not allowed.");
