namespace ClickToDial.Core.Directory;

/// <summary>The directory, at most a few seconds old.</summary>
public interface IDirectoryReader
{
    /// <summary>As it was last read, however old; null before the first reading.</summary>
    DirectoryView? Latest { get; }

    ValueTask<DirectoryView> GetAsync(CancellationToken stop);

    /// <summary>Something was changed here: the next reading asks storage.</summary>
    void Forget();

    /// <summary>Asks storage now, whatever is remembered; throws what storage throws.</summary>
    Task CheckAsync(CancellationToken stop);
}
