using ClickToDial.App.Hosting;
using ClickToDial.Core.Deliveries;
using ClickToDial.Core.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Deliveries;

public static class DeliveryRegistration
{
    public static IServiceCollection AddDeliveries(this IServiceCollection services) => services
        .AddCheckedOptions<DeliveryOptions>(DeliveryOptions.Section)
        .AddSingleton<SubscriptionStore>()
        .AddSingleton(SubscriptionStore.Sealed)
        .AddSingleton<SubscriptionBook>()
        .AddSingleton<IDeliveryStore, TableDeliveryStore>()
        .AddSingleton<StorageDeliveryTasks>()
        .AddSingleton<IDeliveryTasks>(services => services.GetRequiredService<StorageDeliveryTasks>())
        .AddSingleton<IDeliverySender, DeliverySender>()
        .AddSingleton<Lanes>()
        .AddSingleton<InFlight>()
        .AddSingleton<DeliveryPurge>()
        .AddSingleton<DeliveryRunner>()
        .AddSingleton<SubscriptionDesk>()
        .AddSingleton<DeliveryDesk>()
        .AddSingleton<IEventDelivery, EventDelivery>();
}
