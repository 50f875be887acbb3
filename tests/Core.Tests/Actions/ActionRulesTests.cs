using ClickToDial.Core.Actions;

namespace ClickToDial.Core.Tests.Actions;

[Trait("row", "C8")]
public sealed class ActionRulesTests
{
    [Theory]
    [InlineData("answercall", ActionName.AnswerCall)]
    [InlineData("ENDCALL", ActionName.EndCall)]
    [InlineData("toggleMic", ActionName.ToggleMic)]
    [InlineData("Next", ActionName.Next)]
    [InlineData("makecall", ActionName.MakeCall, "ALT_PHONE=alt_phone")]
    [InlineData("makeCall", ActionName.MakeCall, "phone_code=phone_code")]
    [InlineData("save", ActionName.Save, "yes=Yes")]
    [InlineData("save", ActionName.Save, "UNKNOWN=Unknown")]
    [InlineData("openForm", ActionName.OpenForm, "Lead form=Lead form")]
    [InlineData("openForm", ActionName.OpenForm)]
    [InlineData("redirect", ActionName.Redirect, "/leads/7=/leads/7")]
    [InlineData("redirect", ActionName.Redirect, "https://crm.test/x=https://crm.test/x", "TRUE=true", "_Blank=_blank")]
    [InlineData("redirect", ActionName.Redirect, "http://crm.test=http://crm.test", "_blank=_blank")]
    public void GoodAction_IsInItsOwnSpelling(string name, ActionName expected, params string[] parameters)
    {
        var (action, fault) = ActionRules.Check(name, [.. parameters.Select(p => p.Split('=')[0])]);

        Assert.Null(fault);
        Assert.Equal(expected, action!.Name);
        Assert.Equal(parameters.Select(p => p.Split('=')[1]), action.Parameters);
    }

    [Theory]
    [InlineData("hangUp")]
    [InlineData("next", "1")]
    [InlineData("answerCall", "now")]
    [InlineData("makeCall")]
    [InlineData("makeCall", "+4930123456")]
    [InlineData("save", "maybe")]
    [InlineData("save", "yes", "no")]
    [InlineData("openForm", "a", "b")]
    [InlineData("openForm", "")]
    [InlineData("redirect")]
    [InlineData("redirect", "javascript:alert(1)")]
    [InlineData("redirect", "JavaScript:alert(1)")]
    [InlineData("redirect", "data:text/html,x")]
    [InlineData("redirect", "//evil.test/x")]
    [InlineData("redirect", "/\\evil.test")]
    [InlineData("redirect", "https://user:secret@crm.test/")]
    [InlineData("redirect", "file:///etc/passwd")]
    [InlineData("redirect", "leads/7")]
    [InlineData("redirect", "https://crm.test/", "_blank", "true")]
    [InlineData("redirect", "https://crm.test/", "true", "false")]
    [InlineData("redirect", "https://crm.test/", "maybe")]
    [InlineData("redirect", "https://crm.test/", "true", "_blank", "_blank")]
    public void BadAction_IsRefusedWithTheReason(string name, params string[] parameters)
    {
        var (action, fault) = ActionRules.Check(name, parameters);

        Assert.Null(action);
        Assert.False(string.IsNullOrEmpty(fault));
    }
}
