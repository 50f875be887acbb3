using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using ClickToDial.App.Hosting;

namespace ClickToDial.App.Adapters;

/// <summary>The clients of Azure Storage, with short deadlines: a caller waits for an answer, and a repeat is cheap.</summary>
public sealed class StorageClients
{
    private readonly TimeSpan _timeout;
    private readonly AppMetrics _metrics;
    private readonly TimeProvider _time;

    public StorageClients(StorageOptions options, AppMetrics metrics, TimeProvider time)
    {
        _metrics = metrics;
        _time = time;
        _timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
        var tables = Prepare(new TableClientOptions(), "tables");
        // Bodies of queue messages are text of ours; see EventEnvelope.
        var queues = Prepare(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None }, "queues");
        var blobs = Prepare(new BlobClientOptions(), "blobs");
        if (!string.IsNullOrEmpty(options.ConnectionString))
        {
            Tables = new TableServiceClient(options.ConnectionString, tables);
            Queues = new QueueServiceClient(options.ConnectionString, queues);
            Blobs = new BlobServiceClient(options.ConnectionString, blobs);
            return;
        }

        var identity = new DefaultAzureCredential();
        Tables = new TableServiceClient(options.TableServiceUri, identity, tables);
        Queues = new QueueServiceClient(options.QueueServiceUri, identity, queues);
        Blobs = new BlobServiceClient(options.BlobServiceUri, identity, blobs);
    }

    public TableServiceClient Tables { get; }

    public QueueServiceClient Queues { get; }

    public BlobServiceClient Blobs { get; }

    private T Prepare<T>(T options, string service)
        where T : ClientOptions
    {
        options.Retry.MaxRetries = 1;
        options.Retry.Mode = RetryMode.Fixed;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.NetworkTimeout = _timeout;
        options.AddPolicy(new CountingPolicy(service, _metrics), HttpPipelinePosition.PerRetry);
        options.AddPolicy(new BudgetPolicy(_time, _timeout), HttpPipelinePosition.PerRetry);
        return options;
    }

    private sealed class CountingPolicy(string service, AppMetrics metrics) : HttpPipelineSynchronousPolicy
    {
        public override void OnSendingRequest(HttpMessage message) => metrics.StorageRequested(service);
    }
}
