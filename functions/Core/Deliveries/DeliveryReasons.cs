namespace ClickToDial.Core.Deliveries;

/// <summary>Why a delivery is dead, or a subscription disabled. Stable words.</summary>
public static class DeliveryReasons
{
    /// <summary>The last attempt failed.</summary>
    public const string Exhausted = "attempts-exhausted";

    /// <summary>The subscriber said that it is gone for good.</summary>
    public const string Gone = "gone";

    /// <summary>The subscription was disabled before its turn came.</summary>
    public const string Disabled = "subscription-disabled";

    /// <summary>It waited for a paused subscriber for too long.</summary>
    public const string Expired = "expired";

    /// <summary>Too many of its call waited before it.</summary>
    public const string Crowded = "too-many-waiting";

    /// <summary>A test is sent once.</summary>
    public const string Test = "test-failed";
}
