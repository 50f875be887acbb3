using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.App.Hosting.Secrets;
using ClickToDial.Core.Pbx;
using ClickToDial.Core.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClickToDial.App.Webhooks;

public static class WebhookRegistration
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        // Where nothing is delivered.
        services.TryAddSingleton<IEventDelivery, NoDelivery>();
        return services
        .AddCheckedOptions<WebhookOptions>(WebhookOptions.Section)
        .AddSingleton<PbxDoor>()
        .AddLive<WebhookOptions>(WebhookOptions.Section, (provider, now) => provider.GetRequiredService<PbxDoor>().Replace(now))
        .AddSingleton<EventIngest>()
        .AddSingleton<IPbxItemStore, TablePbxItemStore>()
        .AddSingleton<HandOn>()
        .AddSingleton<CallLog>()
        .AddSingleton<PbxEventTaker>()
        .AddSingleton<PoisonStore>()
        .AddSingleton<PoisonDesk>()
        .AddSingleton<EventProcessor>();
    }
}
