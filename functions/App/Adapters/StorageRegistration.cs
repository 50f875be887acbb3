using ClickToDial.App.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Adapters;

public static class StorageRegistration
{
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<StorageOptions>(StorageOptions.Section);
        services.Configure<StorageOptions>(o => o.ConnectionString = configuration[StorageOptions.Section]);
        services.AddSingleton<StorageClients>();
        services.AddSingleton<Func<StorageClients>>(provider => provider.GetRequiredService<StorageClients>);
        services.AddSingleton<StoragePreparation>();
        services.AddSingleton<Func<StoragePreparation>>(provider => provider.GetRequiredService<StoragePreparation>);
        services.AddHostedService<StorageBootstrap>();
        return services;
    }
}
