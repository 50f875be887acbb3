using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Health;

public static class HealthRegistration
{
    public static IServiceCollection AddHealth(this IServiceCollection services) => services.AddSingleton<HealthProbe>();
}
