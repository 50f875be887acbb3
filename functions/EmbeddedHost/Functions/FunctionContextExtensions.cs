using ClickToDial.EmbeddedHost.Http;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.EmbeddedHost.Functions;

public static class FunctionContextExtensions
{
    /// <summary>
    /// The request behind the invocation; null for other triggers, and in middleware registered before
    /// <c>ConfigureFunctionsWebApplication</c>.
    /// </summary>
    public static HttpContext? GetHttpContext(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Items.TryGetValue(HttpIntegration.HttpContextKey, out var value) ? value as HttpContext : null;
    }
}
