namespace ClickToDial.EmbeddedHost.Indexing;

/// <summary>What starts a function.</summary>
internal enum TriggerKind
{
    Http,
    Queue,
    Timer,
    ServiceBus,
    Orchestration,
    Activity,
}
