using ClickToDial.App.Hosting;
using ClickToDial.Core.Access;
using ClickToDial.Core.Egress;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClickToDial.App.Adapters.Egress;

public static class EgressRegistration
{
    public static IServiceCollection AddEgress(this IServiceCollection services)
    {
        services.TryAddSingleton<IHostResolver, SystemResolver>();
        return services
            .AddCheckedOptions<EgressOptions>(EgressOptions.Section)
            .AddSingleton(provider => new EgressRules(new AddressRanges(provider.GetRequiredService<EgressOptions>().AllowNetworks)))
            .AddSingleton<EgressGuard>();
    }
}
