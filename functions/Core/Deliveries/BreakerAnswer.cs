namespace ClickToDial.Core.Deliveries;

public enum BreakerAnswer
{
    Send,

    /// <summary>One may go, to see whether the subscriber is back.</summary>
    Probe,

    Wait,
}
