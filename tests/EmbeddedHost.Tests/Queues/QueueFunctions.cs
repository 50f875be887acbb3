using System.Text;
using Azure.Storage.Queues.Models;
using ClickToDial.EmbeddedHost.Functions;

namespace ClickToDial.EmbeddedHost.Tests.Queues;

/// <summary>One function per type that a queue trigger binds; each reports to the test's recorder.</summary>
public sealed class BindingFunctions(QueueRecorder recorder)
{
    [Function("AsText")]
    public void AsText([QueueTrigger("%Queues:Prefix%-text")] string body, long dequeueCount, string id, FunctionContext context) =>
        recorder.Append($"text {body} {dequeueCount} {id == (string?)context.BindingContext.BindingData["Id"]}");

    [Function("AsBytes")]
    public void AsBytes([QueueTrigger("%Queues:Prefix%-bytes")] byte[] body) =>
        recorder.Append("bytes " + Encoding.UTF8.GetString(body));

    [Function("AsData")]
    public Task AsData([QueueTrigger("%Queues:Prefix%-data")] BinaryData body)
    {
        recorder.Append("data " + body);
        return Task.CompletedTask;
    }

    [Function("AsMessage")]
    public async Task AsMessage([QueueTrigger("%Queues:Prefix%-message")] QueueMessage message)
    {
        await Task.Yield();
        recorder.Append($"message {message.Body} {message.DequeueCount} {message.InsertedOn is not null}");
    }

    [Function("AsRecord")]
    public void AsRecord([QueueTrigger("%Queues:Prefix%-record")] Order order) =>
        recorder.Append($"record {order.Name} {order.Count}");
}

public sealed record Order(string Name, int Count);

/// <summary>Does what the test says, for every message.</summary>
public sealed class ScriptedFunction(QueueRecorder recorder)
{
    [Function("Scripted")]
    public Task Run([QueueTrigger("%Queues:Prefix%-work")] string body, long dequeueCount, CancellationToken cancel) =>
        recorder.HandleAsync(body, dequeueCount, cancel);
}
