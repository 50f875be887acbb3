namespace ClickToDial.Core.Calls;

/// <summary>Who puts events into the queue.</summary>
public static class EventSources
{
    /// <summary>A post to the webhook: our worker, or another PBX.</summary>
    public const string Pbx = "pbx";

    /// <summary>This app, closing a call that lost its worker.</summary>
    public const string Sweep = "sweep";

    /// <summary>This app, looking again at a call of which a step was missing.</summary>
    public const string Gap = "gap";
}
