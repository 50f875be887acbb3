namespace ClickToDial.Contracts.Events;

/// <summary>What a PBX of somebody else tells of a call of its.</summary>
/// <param name="UniqueCallId">The PBX's own id of the call, as it writes it.</param>
/// <param name="TotalSeconds">Ring and talk as the PBX counts them; on the end only.</param>
/// <param name="TalkSeconds">Talk as the PBX counts it; on the end only.</param>
public sealed record PbxCallDetails(
    string? UniqueCallId = null,
    string? CallerName = null,
    string? UserName = null,
    string? QueueName = null,
    string? RingGroupName = null,
    int? TotalSeconds = null,
    int? TalkSeconds = null);
