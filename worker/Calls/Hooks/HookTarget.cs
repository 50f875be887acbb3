using ClickToDial.Calls.Secrets;
using ClickToDial.Contracts.Directory;

namespace ClickToDial.Calls.Hooks;

/// <summary>A back end that is asked.</summary>
/// <param name="Url">Without the method's name.</param>
/// <param name="Secret">What requests are signed with; never logged.</param>
/// <param name="Timeout">Longest wait for one answer.</param>
internal sealed record HookTarget(Uri Url, HookSigning Signing, string? Secret, TimeSpan Timeout)
{
    /// <summary>In place of <see cref="Secret"/>, one that may be replaced while the target is used.</summary>
    public LiveSecret? Changing { get; init; }

    /// <summary>What a request is signed with now.</summary>
    public string? Key => Changing?.Current ?? Secret;

    public static HookTarget? Of(DomainHooks? hooks, TimeSpan timeout)
    {
        if (hooks?.Url is not { } text || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")) return null;
        return new HookTarget(url, hooks.Signing, hooks.Secret, hooks.TimeoutSeconds is >= 1 and <= 30 and var seconds ? TimeSpan.FromSeconds(seconds) : timeout);
    }

    /// <summary>Where a method is asked; what the address has behind <c>?</c> stays.</summary>
    public Uri AddressOf(string method) => new UriBuilder(Url) { Path = Url.AbsolutePath.TrimEnd('/') + "/" + method }.Uri;

    public override string ToString() => Url.Host;
}
