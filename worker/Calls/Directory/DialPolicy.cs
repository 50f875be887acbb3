using ClickToDial.Contracts.Directory;

namespace ClickToDial.Calls.Directory;

/// <summary>Whether a device may dial a number outside of its domain.</summary>
public static class DialPolicy
{
    /// <summary>The longest prefix that matches decides, deny at equal length; without a match the number is not allowed.</summary>
    public static bool Allows(DomainPolicy? policy, string number)
    {
        if (policy is null) return true;
        var allowed = Longest(policy.Allow, number);
        return allowed >= 0 && allowed > Longest(policy.Deny, number);
    }

    private static int Longest(IReadOnlyList<string> prefixes, string number) =>
        prefixes.Where(prefix => number.StartsWith(prefix, StringComparison.Ordinal)).Select(prefix => prefix.Length).DefaultIfEmpty(-1).Max();
}
