namespace ClickToDial.App.Adapters;

/// <summary>What of a worker's health the choice of one needs.</summary>
public sealed record WorkerRoom(int Calls, int MaxCalls);
