using ClickToDial.App.Sessions;
using ClickToDial.Core.Directory;

namespace ClickToDial.App.Login;

/// <summary>What <c>POST /rest/system/session</c> came to.</summary>
public abstract record LoginOutcome
{
    private LoginOutcome()
    {
    }

    /// <param name="Value">To become a session within ten seconds, once.</param>
    public sealed record Token(string Value) : LoginOutcome;

    public sealed record Session(SessionView View, DomainView Domain) : LoginOutcome;
}
