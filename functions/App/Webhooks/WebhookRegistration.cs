using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Calls;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Webhooks;

public static class WebhookRegistration
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services) => services
        .AddCheckedOptions<WebhookOptions>(WebhookOptions.Section)
        .AddSingleton<PbxTokens>()
        .AddSingleton<IEventSink, StorageEventSink>()
        .AddSingleton<EventMessages>()
        .AddSingleton<PoisonedEvents>()
        .AddSingleton<EventProcessor>();
}
