using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Access;

public static class AccessRegistration
{
    public static IServiceCollection AddAccess(this IServiceCollection services) =>
        services.AddSingleton<CorsHeaders>().AddSingleton<Authorizer>();
}
