namespace ClickToDial.Core.Calls;

/// <summary>What a request means, given what is kept for its key.</summary>
public static class IdempotencyMachine
{
    public static IdempotencyStep Next(PlacedCall? kept, string fingerprint) => kept switch
    {
        null => IdempotencyStep.Begin,
        _ when kept.Fingerprint != fingerprint => IdempotencyStep.Conflict,
        { Accepted: true } => IdempotencyStep.Replay,
        _ => IdempotencyStep.Resume,
    };
}
