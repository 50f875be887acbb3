namespace ClickToDial.Calls.Directory;

/// <summary>Port to the directory. Null until it is known for the first time; afterwards always the last good one.</summary>
public interface IDirectory
{
    CallDirectory? Current { get; }
}
