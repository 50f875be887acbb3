namespace ClickToDial.Core.Calls;

public enum CallChange
{
    /// <summary>The row says more than before.</summary>
    Applied,

    /// <summary>The event was seen before: nothing changes.</summary>
    Duplicate,

    /// <summary>The call had ended already: only the count of seen events changes.</summary>
    Late,
}
