using System.Collections.Immutable;
using System.Text.Json;

namespace ClickToDial.EmbeddedHost.Durable.Client;

/// <summary>What is known about an orchestration from outside.</summary>
public sealed class OrchestrationMetadata(string name, string instanceId)
{
    public string Name { get; } = name;

    public string InstanceId { get; } = instanceId;

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastUpdatedAt { get; init; }

    public OrchestrationRuntimeStatus RuntimeStatus { get; init; }

    /// <summary>Why it failed; null unless it did.</summary>
    public TaskFailureDetails? FailureDetails { get; init; }

    /// <summary>JSON; null when there is none or it was not asked for. So for the next two.</summary>
    public string? SerializedInput { get; init; }

    public string? SerializedOutput { get; init; }

    public string? SerializedCustomStatus { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ImmutableDictionary<string, string>.Empty;

    public bool IsRunning => RuntimeStatus == OrchestrationRuntimeStatus.Running;

    public bool IsCompleted => RuntimeStatus
        is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    /// <summary>How the values were written.</summary>
    internal JsonSerializerOptions? Json { get; init; }

    internal bool HasInputsAndOutputs { get; init; } = true;

    /// <exception cref="InvalidOperationException">Inputs and outputs were not asked for.</exception>
    public T? ReadInputAs<T>() => Read<T>(SerializedInput);

    /// <inheritdoc cref="ReadInputAs{T}"/>
    public T? ReadOutputAs<T>() => Read<T>(SerializedOutput);

    /// <inheritdoc cref="ReadInputAs{T}"/>
    public T? ReadCustomStatusAs<T>() => Read<T>(SerializedCustomStatus);

    private T? Read<T>(string? json)
    {
        if (!HasInputsAndOutputs) throw new InvalidOperationException("Ask for inputs and outputs when reading the instance.");
        return json is null ? default : JsonSerializer.Deserialize<T>(json, Json);
    }
}
