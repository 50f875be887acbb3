using ClickToDial.App.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Login;

public static class LoginRegistration
{
    public static IServiceCollection AddLogin(this IServiceCollection services) => services
        .AddCheckedOptions<LoginOptions>(LoginOptions.Section)
        .AddSingleton<LoginTokens>()
        .AddSingleton<LoginDesk>();
}
