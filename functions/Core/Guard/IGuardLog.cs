namespace ClickToDial.Core.Guard;

/// <summary>What the operator is told of the guard.</summary>
public interface IGuardLog
{
    Task AddAsync(GuardEvent told, CancellationToken stop);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<GuardEvent>> ListAsync(string domain, int limit, CancellationToken stop);
}
