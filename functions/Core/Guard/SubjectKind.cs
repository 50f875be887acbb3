namespace ClickToDial.Core.Guard;

/// <summary>What calls are counted by.</summary>
public enum SubjectKind
{
    User,
    Address,
    Destination,
}
