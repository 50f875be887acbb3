namespace ClickToDial.App.Sealing;

/// <summary>What came of a row that was sealed with another key.</summary>
public enum SealingFate
{
    Resealed,

    /// <summary>Somebody wrote it meanwhile, or this walk has done enough: the next one looks again.</summary>
    Left,

    Unreadable,

    /// <summary>It was deleted, or somebody else has sealed it.</summary>
    Settled,
}
