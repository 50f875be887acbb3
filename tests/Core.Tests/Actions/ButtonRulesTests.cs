using ClickToDial.Core.Actions;

namespace ClickToDial.Core.Tests.Actions;

/// <summary>Every row of what outranks what.</summary>
[Trait("row", "C8")]
public sealed class ButtonRulesTests
{
    [Theory]
    // fn, form, script: what runs, with which entry; what is done; which form by id
    [InlineData("endCall", null, null, null, ActionName.EndCall, null)]
    [InlineData("endCall", "f1", null, null, ActionName.EndCall, null)]
    [InlineData("endCall", null, "s1", null, ActionName.EndCall, null)]
    [InlineData("endCall", "f1", "s1", null, ActionName.EndCall, null)]
    [InlineData("openForm(Lead)", null, null, null, ActionName.OpenForm, null)]
    [InlineData("openForm(Lead)", "f1", null, null, ActionName.OpenForm, "f1")]
    [InlineData("openForm(Lead)", null, "s1", "s1.main", ActionName.OpenForm, null)]
    [InlineData("openForm(Lead)", "f1", "s1", "s1.main", ActionName.OpenForm, "f1")]
    [InlineData("openForm()", "f1", null, null, ActionName.OpenForm, "f1")]
    [InlineData(null, "f1", null, null, ActionName.OpenForm, "f1")]
    [InlineData(null, "f1", "s1", "s1.main", ActionName.OpenForm, "f1")]
    [InlineData("prepare", "f1", "s1", "s1.prepare", ActionName.OpenForm, "f1")]
    [InlineData(null, null, "s1", "s1.main", null, null)]
    [InlineData("main", null, "s1", "s1.main", null, null)]
    [InlineData("lookUp()", null, "s1", "s1.lookUp", null, null)]
    [InlineData("  ", null, "s1", "s1.main", null, null)]
    public void WhatOutranksWhat(string? fn, string? form, string? script, string? runs, ActionName? does, string? opens)
    {
        var (plan, fault) = ButtonRules.Decide(new Button("b", "B", Function: fn, FormId: form, ScriptId: script));

        Assert.Null(fault);
        Assert.Equal(runs, plan!.Script is { } call ? $"{call.ScriptId}.{call.Entry}" : null);
        Assert.Equal(does, plan.Action?.Name);
        Assert.Equal(opens, plan.FormId);
    }

    [Fact]
    public void FormOfFunction_IsOpenedByName() =>
        Assert.Equal(["Lead"], ButtonRules.Decide(new Button("b", "B", Function: "openForm('Lead')")).Plan!.Action!.Parameters);

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("main", null, null)]
    [InlineData("openForm()", null, null)]
    [InlineData("openForm()", null, "s1")]
    [InlineData("save(perhaps)", null, null)]
    [InlineData("not a call", null, "s1")]
    public void ButtonThatWouldDoNothing_IsRefused(string? fn, string? form, string? script)
    {
        var (plan, fault) = ButtonRules.Decide(new Button("b", "B", Function: fn, FormId: form, ScriptId: script));

        Assert.Null(plan);
        Assert.NotNull(fault);
    }

    [Theory]
    [InlineData(0, null, 0, true)]
    [InlineData(0, null, 99, true)]
    [InlineData(1, 1, 0, false)]
    [InlineData(1, 1, 1, true)]
    [InlineData(1, 1, 2, false)]
    [InlineData(2, null, 1, false)]
    [InlineData(0, 0, 1, false)]
    public void Selection_IsBounded(int min, int? max, int selected, bool allowed) =>
        Assert.Equal(allowed, new Button("b", "B", MinSelect: min, MaxSelect: max).FaultOfSelection(selected) is null);
}
