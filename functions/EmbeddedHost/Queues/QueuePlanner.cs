using System.Text.RegularExpressions;
using Azure.Core;
using Azure.Storage.Queues;
using ClickToDial.EmbeddedHost.Functions;
using ClickToDial.EmbeddedHost.Indexing;
using ClickToDial.EmbeddedHost.Settings;

namespace ClickToDial.EmbeddedHost.Queues;

/// <summary>Resolves names and connections of queue functions.</summary>
internal sealed partial class QueuePlanner(SettingResolver settings)
{
    private const string PoisonSuffix = "-poison";

    public QueuePlan? Plan(FunctionEntry function, ICollection<string> errors)
    {
        var trigger = (QueueTriggerAttribute)function.Trigger;
        var name = settings.Resolve(trigger.QueueName, out var nameError);
        if (nameError is null && !QueueName().IsMatch(name ?? "")) nameError = $"'{name}' is not a valid queue name.";
        var connection = settings.Connection(trigger.Connection, out var connectionError);
        foreach (var error in new[] { nameError, connectionError })
            if (error is not null) errors.Add($"Function '{function.Name}': {error}");
        if (nameError is not null || name is null || connection is null) return null;
        try
        {
            return new QueuePlan(function, Client(connection, name), Client(connection, name + PoisonSuffix));
        }
        catch (FormatException)
        {
            // The exception's text may hold the account key.
            errors.Add($"Function '{function.Name}': its connection is not a storage connection string.");
            return null;
        }
    }

    /// <summary>Bodies stay as they are on the wire: what cannot be decoded must still reach the poison queue unchanged.</summary>
    private static QueueClient Client(string connection, string name) => new(connection, name, new QueueClientOptions
    {
        MessageEncoding = Azure.Storage.Queues.QueueMessageEncoding.None,
        Retry = { Mode = RetryMode.Exponential, MaxRetries = 2, Delay = TimeSpan.FromMilliseconds(200), NetworkTimeout = TimeSpan.FromSeconds(10) },
    });

    /// <summary>3 to 63 lower-case letters, digits and single dashes, with room for the poison suffix.</summary>
    [GeneratedRegex("^(?=.{3,56}$)[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex QueueName();
}
