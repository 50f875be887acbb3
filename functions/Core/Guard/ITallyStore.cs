namespace ClickToDial.Core.Guard;

/// <summary>Keeps a <see cref="CallTally"/> per subject, so that concurrent requests never exceed a limit.</summary>
public interface ITallyStore
{
    /// <summary>Counts a call for all subjects, or for none when one of them has reached a limit.</summary>
    /// <param name="ended">Marks of calls that are known to have ended.</param>
    /// <returns>Null when counted, else whose limit is reached.</returns>
    Task<TallyRefusal?> CountAsync(
        string domain, IReadOnlyList<TallySubject> subjects, string mark, IReadOnlySet<string> ended, CancellationToken stop);
}
