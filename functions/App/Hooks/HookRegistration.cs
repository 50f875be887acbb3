using ClickToDial.App.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Hooks;

public static class HookRegistration
{
    public static IServiceCollection AddHooks(this IServiceCollection services) => services
        .AddCheckedOptions<HookOptions>(HookOptions.Section)
        .AddSingleton<HookGate>()
        .AddSingleton<PhoneDesk>()
        .AddSingleton<HookDesk>();
}
