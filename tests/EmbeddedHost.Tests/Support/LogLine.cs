using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.Tests.Support;

/// <summary>One line of a host's log.</summary>
public sealed record LogLine(LogLevel Level, int Id, string Text, Exception? Error);
