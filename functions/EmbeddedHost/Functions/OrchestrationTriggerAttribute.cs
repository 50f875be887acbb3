namespace ClickToDial.EmbeddedHost.Functions;

/// <summary>Makes the method an orchestrator; stands on its <c>TaskOrchestrationContext</c>. The function's name is the orchestrator's.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class OrchestrationTriggerAttribute : Attribute
{
    /// <summary>Not used: the name is the function's.</summary>
    public string? Orchestration { get; set; }
}
