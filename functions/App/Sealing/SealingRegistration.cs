using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Sealing;

public static class SealingRegistration
{
    public static IServiceCollection AddSealing(this IServiceCollection services) => services
        .AddSingleton<SealingStates>()
        .AddSingleton<RowSealer>()
        .AddSingleton<Resealer>();
}
