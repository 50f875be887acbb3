namespace ClickToDial.EmbeddedHost.Functions;

/// <summary>Makes the method an activity; stands on its input, of any type that JSON can carry. The function's name is the activity's.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ActivityTriggerAttribute : Attribute
{
    /// <summary>Not used: the name is the function's.</summary>
    public string? Activity { get; set; }
}
