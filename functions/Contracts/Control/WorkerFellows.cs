namespace ClickToDial.Contracts.Control;

/// <summary>What a worker that says where it is learns: the others, whose phones it calls through them.</summary>
/// <param name="Urls">Control APIs of the workers that spoke a moment ago, without the one that asks.</param>
public sealed record WorkerFellows(IReadOnlyList<string> Urls);
