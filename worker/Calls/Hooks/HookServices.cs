using ClickToDial.Calls.Directory;

namespace ClickToDial.Calls.Hooks;

/// <summary>What all who ask hooks share.</summary>
/// <param name="Functions">Null where the functions are not asked.</param>
internal sealed record HookServices(
    HookClient Client, HookBodies Bodies, HookSessions Sessions, HookTarget? Functions, IDirectory Directory, TimeSpan Timeout)
{
    /// <summary>The domain's own back end, or null.</summary>
    public HookTarget? OwnTarget(string domain) => HookTarget.Of(Directory.Current?.HooksOf(domain), Timeout);
}
