using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Tests.Support;

public sealed record LogLine(LogLevel Level, int Id, string Text);
