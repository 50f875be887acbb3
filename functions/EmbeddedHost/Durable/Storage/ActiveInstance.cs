using Azure;

namespace ClickToDial.EmbeddedHost.Durable.Storage;

/// <summary>An instance that has not ended, as the index shows it.</summary>
/// <param name="Owner">The host that last said it runs it: a hint; the instance's head knows.</param>
/// <param name="ETag">Changes when somebody knocks.</param>
internal sealed record ActiveInstance(string InstanceId, string Owner, ETag ETag, DateTimeOffset WrittenAt);
