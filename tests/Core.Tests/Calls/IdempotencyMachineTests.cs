using ClickToDial.Contracts.Control;
using ClickToDial.Core.Calls;

namespace ClickToDial.Core.Tests.Calls;

public sealed class IdempotencyMachineTests
{
    private static readonly PlacedCall Kept = new(CallEvents.Id, "same", new OriginateCommand("d", "101", "echo"), CallEvents.Start);

    public static TheoryData<PlacedCall?, string, IdempotencyStep> Table => new()
    {
        { null, "same", IdempotencyStep.Begin },
        { Kept, "same", IdempotencyStep.Resume },
        { Kept, "other", IdempotencyStep.Conflict },
        { Kept with { Accepted = true }, "same", IdempotencyStep.Replay },
        { Kept with { Accepted = true }, "other", IdempotencyStep.Conflict },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void EveryCase_HasItsStep(PlacedCall? kept, string fingerprint, IdempotencyStep expected) =>
        Assert.Equal(expected, IdempotencyMachine.Next(kept, fingerprint));
}
