namespace ClickToDial.Core.Actions;

/// <summary>
/// What a button does when it is pressed (C8, C9), in this order:
/// <list type="number">
/// <item>A function that names an action is that action. If that is openForm and the button has a form of its own, its own is opened.</item>
/// <item>A form without such a function is opened.</item>
/// <item>If a form is opened and there is a script, the script runs first, and its schema and data are laid over the form.</item>
/// <item>If nothing of that holds and there is a script, the script runs, and its answer says what comes next.</item>
/// </list>
/// A function that names no action is the entry of the script. An action other than openForm does not run the script: what the
/// function says outranks it.
/// </summary>
public static class ButtonRules
{
    /// <summary>The plan, or why there is none, for people.</summary>
    public static (StepPlan? Plan, string? Fault) Decide(Button button)
    {
        var (action, entry, fault) = ReadFunction(button.Function);
        if (fault is not null) return (null, fault);
        var script = button.ScriptId is { } id ? new ScriptCall(id, entry ?? ScriptCall.Main) : null;
        if (entry is not null && script is null) return (null, $"\"{entry}\" is no action, and the button has no script that it could be a function of.");

        if (action is { Name: not ActionName.OpenForm }) return (new StepPlan(null, action), null);
        if (button.FormId is { } formId) return (new StepPlan(script, new ChainAction(ActionName.OpenForm, []), formId), null);
        if (action is { Parameters.Count: 1 }) return (new StepPlan(script, action), null);
        if (action is not null) return (null, "openForm names no form, and the button has none.");
        return script is not null ? (new StepPlan(script), null) : (null, "The button has neither function, form nor script: it would do nothing.");
    }

    private static (ChainAction? Action, string? Entry, string? Fault) ReadFunction(string? function)
    {
        if (string.IsNullOrWhiteSpace(function)) return (null, null, null);
        if (FunctionText.TryParse(function) is not { } call) return (null, null, "The function is none: write it like openForm('Lead').");
        if (!ActionRules.IsAction(call.Name)) return (null, call.Name, null);
        var (action, fault) = ActionRules.Check(call.Name, call.Parameters);
        return (action, null, fault);
    }
}
