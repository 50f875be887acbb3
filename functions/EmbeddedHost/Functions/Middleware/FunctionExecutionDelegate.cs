using System.Diagnostics.CodeAnalysis;

namespace ClickToDial.EmbeddedHost.Functions.Middleware;

/// <summary>One step of an invocation.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "The name is the real host's.")]
public delegate Task FunctionExecutionDelegate(FunctionContext context);
