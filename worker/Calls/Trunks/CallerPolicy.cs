using ClickToDial.Calls.Legs;
using ClickToDial.Contracts.Directory;

namespace ClickToDial.Calls.Trunks;

/// <summary>Which number a trunk is shown.</summary>
internal static class CallerPolicy
{
    /// <param name="inbound">Who calls, for a call that came in and is sent on.</param>
    /// <param name="call">The number the call itself was given, or null.</param>
    /// <param name="user">The user's number, or null.</param>
    /// <param name="name">The user's name, where there is no number at all.</param>
    public static Caller Choose(Trunk trunk, Caller? inbound, string? call, string? user, string name)
    {
        var own = trunk.Entry.CallerId;
        var hidden = inbound?.IsPrivate ?? false;
        var asked = inbound is { } caller ? Number(caller.User) : call;
        var chosen = trunk.Settings.CallerId switch
        {
            TrunkCallerId.Fixed => own ?? user,
            TrunkCallerId.User => user ?? own,
            TrunkCallerId.Allowed => Allowed(trunk, asked) ?? Allowed(trunk, user) ?? own,
            _ => asked ?? user ?? own,
        };
        return new Caller(chosen ?? name, DisplayName: null, hidden);
    }

    // Whoever is known by another name than a number is nobody to the public network.
    private static string? Number(string text) => text.StartsWith('+') ? text : null;

    private static string? Allowed(Trunk trunk, string? number)
    {
        if (number is null) return null;
        foreach (var entry in trunk.Settings.CallerIds ?? [])
            if (entry.EndsWith('*') ? number.StartsWith(entry[..^1], StringComparison.Ordinal) : number == entry)
                return number;
        return null;
    }
}
