using ClickToDial.EmbeddedHost.Indexing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace ClickToDial.EmbeddedHost.Http;

/// <summary>Where a function is reached; no method means all of them.</summary>
internal sealed record HttpRoute(FunctionEntry Function, RoutePattern Pattern, IReadOnlyList<string> Methods);
