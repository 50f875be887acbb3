using ClickToDial.App.Hosting;

namespace ClickToDial.App.Adapters;

/// <summary>
/// Where tables, queues and blobs are. The setting <c>AppStorage</c> itself is a connection string (local use); in Azure the three
/// service URIs stand below it and the app signs in with its identity. The queue trigger reads the same settings.
/// (Not "Storage": the trigger would first look for AzureWebJobsStorage, the host's own account.)
/// </summary>
public sealed class StorageOptions : ICheckedOptions
{
    public const string Section = "AppStorage";

    /// <summary>The value of <c>AppStorage</c> itself.</summary>
    public string? ConnectionString { get; set; }

    public Uri? TableServiceUri { get; set; }

    public Uri? QueueServiceUri { get; set; }

    public Uri? BlobServiceUri { get; set; }

    /// <summary>Longest wait for storage of one request, all its calls taken together, in seconds: 1 to 60. Default 5.</summary>
    public int TimeoutSeconds { get; set; } = 5;

    public IEnumerable<string> Faults()
    {
        var uris = new[] { TableServiceUri, QueueServiceUri, BlobServiceUri }.Count(u => u is not null);
        if (string.IsNullOrEmpty(ConnectionString) && uris < 3)
            yield return "set it to a connection string, or set TableServiceUri, QueueServiceUri and BlobServiceUri";
        if (!string.IsNullOrEmpty(ConnectionString) && uris > 0) yield return "a connection string and service URIs exclude each other";
        if (TimeoutSeconds is < 1 or > 60) yield return "TimeoutSeconds must be 1 to 60";
    }
}
