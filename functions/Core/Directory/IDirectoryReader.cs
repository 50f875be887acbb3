namespace ClickToDial.Core.Directory;

/// <summary>The directory, at most a few seconds old.</summary>
public interface IDirectoryReader
{
    ValueTask<DirectoryView> GetAsync(CancellationToken stop);
}
