using ClickToDial.App.Hosting;
using ClickToDial.App.Hosting.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Hooks;

public static class HookRegistration
{
    public static IServiceCollection AddHooks(this IServiceCollection services) => services
        .AddCheckedOptions<HookOptions>(HookOptions.Section)
        .AddSingleton<HookGate>()
        .AddLive<HookOptions>(HookOptions.Section, (provider, now) => provider.GetRequiredService<HookGate>().Replace(now))
        .AddSingleton<PhoneDesk>()
        .AddSingleton<HookDesk>();
}
