using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.EmbeddedHost.Runtime;

/// <summary>
/// The host's clock and dice: those the app registered, else the system's. They are not registered for the app, because the
/// real host does not do so either, and an app that forgot them must fail here too.
/// </summary>
internal sealed record HostTools(TimeProvider Time, Random Random)
{
    public static HostTools From(IServiceProvider services) =>
        new(services.GetService<TimeProvider>() ?? TimeProvider.System, services.GetService<Random>() ?? Random.Shared);
}
