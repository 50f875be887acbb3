using ClickToDial.Core.Destinations;
using ClickToDial.Core.Directory;

namespace ClickToDial.Core.Hooks;

/// <summary>Whom a page, a link or a browser means by what it says.</summary>
public static class Callee
{
    /// <summary>An alias stands for what the domain says; a user, a test number or an E.164 number for itself; other writings of a number for the number.</summary>
    /// <returns>Null when it means nobody.</returns>
    public static string? Resolve(DomainView domain, string said)
    {
        if (domain.Aliases.TryGetValue(said, out var meant)) return meant;
        if (DestinationName.IsE164(said) || domain.Users.ContainsKey(said) || DestinationName.IsTestNumber(said)) return said;
        return NumberText.TryNormalise(said, domain.Policy.HomeCode, out var number) ? number : null;
    }
}
