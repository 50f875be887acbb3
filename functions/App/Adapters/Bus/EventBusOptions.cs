using ClickToDial.App.Hosting;
using Microsoft.Extensions.Configuration;

namespace ClickToDial.App.Adapters.Bus;

/// <summary>
/// The Service Bus namespace of the event queue. Where it is set, events go through it; where it is not, through the storage queue.
/// The setting <c>EventBus</c> itself is a connection string; in Azure the namespace stands below it and the app signs in with its
/// identity. The trigger reads the same settings.
/// </summary>
public sealed class EventBusOptions : ICheckedOptions
{
    public const string Section = "EventBus";

    /// <summary>The value of <c>EventBus</c> itself.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Host name of the namespace, such as <c>example.servicebus.windows.net</c>.</summary>
    public string? FullyQualifiedNamespace { get; set; }

    public bool IsUsed() => !string.IsNullOrEmpty(ConnectionString) || !string.IsNullOrEmpty(FullyQualifiedNamespace);

    public static EventBusOptions From(IConfiguration configuration)
    {
        var options = new EventBusOptions();
        configuration.GetSection(Section).Bind(options);
        options.ConnectionString = configuration[Section];
        return options;
    }

    public IEnumerable<string> Faults()
    {
        if (!string.IsNullOrEmpty(ConnectionString) && !string.IsNullOrEmpty(FullyQualifiedNamespace))
            yield return "a connection string and FullyQualifiedNamespace exclude each other";
        if (!string.IsNullOrEmpty(FullyQualifiedNamespace) && Uri.CheckHostName(FullyQualifiedNamespace) != UriHostNameType.Dns)
            yield return "FullyQualifiedNamespace must be a host name";
        if (!string.IsNullOrEmpty(ConnectionString) && !IsReadable(ConnectionString)) yield return "it is no connection string of Service Bus";
    }

    private static bool IsReadable(string text)
    {
        try
        {
            return Azure.Messaging.ServiceBus.ServiceBusConnectionStringProperties.Parse(text).Endpoint is not null;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
