using ClickToDial.App.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Access;

public static class AccessRegistration
{
    public static IServiceCollection AddAccess(this IServiceCollection services) =>
        services.AddCheckedOptions<AccessOptions>(AccessOptions.Section).AddSingleton<ClientAddresses>().AddSingleton<KeyRates>().AddSingleton<KeyDesk>()
            .AddSingleton<KeyUses>().AddHostedService(provider => provider.GetRequiredService<KeyUses>()).AddSingleton<CorsHeaders>().AddSingleton<Authorizer>()
            .AddSingleton<SignedInUser>();
}
