namespace ClickToDial.Core.Guard;

/// <summary>Which limit is reached.</summary>
public enum TallyCap
{
    None,
    Minute,
    Hour,
    Day,
    AtOnce,
}
