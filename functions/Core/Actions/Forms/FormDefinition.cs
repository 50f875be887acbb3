namespace ClickToDial.Core.Actions.Forms;

/// <summary>A form: its fields in the order they are shown (C6).</summary>
/// <param name="Id">Within the domain.</param>
/// <param name="Name">What <c>openForm</c> finds it by; unique in the domain, whatever the case.</param>
/// <param name="ScriptId">Runs when the form is sent (<c>sandbox_id</c> on the wire).</param>
/// <param name="Entry">The function of the script to call.</param>
public sealed record FormDefinition(string Id, string Name, IReadOnlyList<FormField> Fields, string? ScriptId = null, string Entry = ScriptCall.Main)
{
    public const int MostFields = 100;
    public const int MostOptions = 500;
    public const int MostValues = 500;
    public const int LongestText = 10_000;

    /// <summary>What happens when it is sent: its script runs, and may start the next step; without one the chain ends.</summary>
    public StepPlan? OnSubmit => ScriptId is { } script ? new StepPlan(new ScriptCall(script, Entry)) : null;
}
