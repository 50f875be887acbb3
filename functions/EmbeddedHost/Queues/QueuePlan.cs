using Azure.Storage.Queues;
using ClickToDial.EmbeddedHost.Indexing;

namespace ClickToDial.EmbeddedHost.Queues;

/// <summary>A queue function with the queue it reads and the one that its failures go to.</summary>
internal sealed record QueuePlan(FunctionEntry Function, QueueClient Queue, QueueClient Poison);
