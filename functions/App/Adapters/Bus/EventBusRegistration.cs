using ClickToDial.App.Hosting;
using ClickToDial.App.Webhooks;
using ClickToDial.Core.Calls;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Adapters.Bus;

public static class EventBusRegistration
{
    /// <summary>Chooses the queue of events, and leaves the other queue's functions switched off.</summary>
    public static IServiceCollection AddEventQueue(this IServiceCollection services, ConfigurationManager configuration)
    {
        services.AddCheckedOptions<EventBusOptions>(EventBusOptions.Section);
        services.Configure<EventBusOptions>(o => o.ConnectionString = configuration[EventBusOptions.Section]);
        services.AddSingleton<EventBus>();
        services.AddSingleton<EventBodies>();
        services.AddSingleton<QueueDeadline>();
        services.AddSingleton<DeadLetterDesk>();
        string[] unused;
        if (EventBusOptions.From(configuration).IsUsed())
        {
            services.AddSingleton<IEventSink, BusEventSink>();
            unused = [nameof(ProcessCallEvent)];
        }
        else
        {
            services.AddSingleton<IEventSink, StorageEventSink>();
            unused = [nameof(ProcessBusEvent), nameof(ReplayDeadLetters)];
        }

        // Below all other sources: a setting that says otherwise counts. The real host reads only its own settings.
        var off = unused.Select(name => KeyValuePair.Create($"AzureWebJobs.{name}.Disabled", (string?)"true"));
        ((IConfigurationBuilder)configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = off });
        return services;
    }
}
