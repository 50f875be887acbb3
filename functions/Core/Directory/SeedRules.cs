using ClickToDial.Contracts.Directory;
using ClickToDial.Core.Access;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Guard;
using ClickToDial.Core.PbxApi;

namespace ClickToDial.Core.Directory;

/// <summary>Says everything that is wrong with a seed at once. Never repeats a secret.</summary>
public static class SeedRules
{
    /// <summary>Left in the sample where a random secret belongs.</summary>
    public const string Placeholder = "${";

    public const int MinimumPasswordLength = 8;

    public static IReadOnlyList<string> Faults(Seed seed) =>
    [
        .. Repeated(seed.Domains.Select(d => d.Name)).Select(n => $"domain {n}: named twice"),
        .. Repeated((seed.ApiKeys ?? []).Select(IdOf)).Select(n => $"API key {n}: named twice"),
        .. Repeated((seed.Trunks ?? []).Select(t => t.Name)).Select(n => $"trunk {n}: named twice"),
        .. seed.Domains.SelectMany(DomainFaults),
        .. (seed.ApiKeys ?? []).SelectMany(k => KeyFaults(k, seed)),
        .. (seed.Trunks ?? []).SelectMany(TrunkFaults),
    ];

    private static IEnumerable<string> DomainFaults(SeedDomain domain)
    {
        var at = $"domain {domain.Name}";
        if (!DestinationName.IsDomain(domain.Name)) yield return $"{at}: not a lower-case host name";
        if (domain.TimeZone is { } zone && !LocalDays.TryFind(zone, out _)) yield return $"{at}: {zone} is no time zone such as Australia/Sydney";
        foreach (var name in Repeated(domain.Users.Select(u => u.Name))) yield return $"{at}: user {name} named twice";
        foreach (var number in Repeated(domain.Users.SelectMany(u => u.Numbers ?? []))) yield return $"{at}: number {number} named twice";
        foreach (var name in Repeated(domain.Users.SelectMany(u => u.Devices).Select(d => d.UserName)))
            yield return $"{at}: device {name} named twice";
        foreach (var origin in (domain.Origins ?? []).Where(o => WebOrigin.Normalize(o) != o))
            yield return $"{at}: {origin} is no origin such as https://crm.example.com";
        foreach (var fault in domain.Users.SelectMany(u => UserFaults($"{at}: user {u.Name}", u))) yield return fault;
        foreach (var fault in PolicyFaults(at, domain.Policy ?? new SeedPolicy())) yield return fault;
        foreach (var fault in AliasFaults(at, domain)) yield return fault;
        if (domain.Links?.MaxSeconds is < 10 or > 604_800) yield return $"{at}: links: maxSeconds must be 10 to 604800";
        if (domain.Hooks is { } hooks)
            foreach (var fault in HookRules.Faults(hooks)) yield return $"{at}: hooks: {fault}";
        if (domain.Sounds?.HoldMusic is { } music && !DestinationName.IsUserName(music)) yield return $"{at}: holdMusic is no name of a sound";
        if (domain.Sounds?.Language is { } language && !IsLanguage(language)) yield return $"{at}: language must be such as de or pt-BR";
    }

    private static IEnumerable<string> AliasFaults(string at, SeedDomain domain)
    {
        foreach (var (alias, destination) in domain.Aliases ?? new Dictionary<string, string>())
        {
            if (!DestinationName.IsUserName(alias) || DestinationName.IsTestNumber(alias)) yield return $"{at}: alias {alias}: not a name";
            if (domain.Users.Any(u => u.Name == alias)) yield return $"{at}: alias {alias}: there is a user of that name";
            if (!DestinationName.IsE164(destination) && !DestinationName.IsTestNumber(destination) && domain.Users.All(u => u.Name != destination))
                yield return $"{at}: alias {alias}: stands for no number, user or test number";
        }
    }

    private static IEnumerable<string> UserFaults(string at, SeedUser user)
    {
        if (!DestinationName.IsUserName(user.Name)) yield return $"{at}: not a user name";
        if (user.CallerId is { } id && !DestinationName.IsE164(id)) yield return $"{at}: callerId is not E.164";
        foreach (var number in (user.Numbers ?? []).Where(n => !DestinationName.IsE164(n))) yield return $"{at}: number {number} is not E.164";
        if (user.ForwardTo is { } onward && !DestinationName.IsE164(onward)) yield return $"{at}: forwardTo is not E.164";
        if (user.LinkPassword is { } linkPassword && SecretFault(linkPassword) is { } weak) yield return $"{at}: linkPassword {weak}";
        foreach (var device in user.Devices)
        {
            if (!DestinationName.IsUserName(device.UserName)) yield return $"{at}: device {device.UserName}: not a user name";
            if (SecretFault(device.Password) is { } fault) yield return $"{at}: device {device.UserName}: password {fault}";
        }
    }

    private static IEnumerable<string> KeyFaults(SeedKey key, Seed seed)
    {
        var at = $"API key {IdOf(key)}";
        if (SecretFault(key.Key) is { } fault) yield return $"{at}: {fault}";
        else if (!ApiKey.TryParse(key.Key, out _))
            yield return $"{at}: must be ctd_, an id of 1 to 32 of a-z 0-9, _, and a secret of 16 to 128 of A-Z a-z 0-9";
        if (seed.Domains.All(d => d.Name != key.Domain)) yield return $"{at}: domain {key.Domain} is not in the seed";
        foreach (var network in (key.AllowFrom ?? []).Where(n => !AddressRanges.TryParse(n, out _)))
            yield return $"{at}: {network} is no network such as 192.0.2.0/24";
        foreach (var scope in key.Scopes.Where(s => !ApiScopeNames.TryParse(s, out _)))
            yield return $"{at}: {scope} is no scope; known are {string.Join(", ", ApiScopeNames.All)}";
    }

    private static IEnumerable<string> PolicyFaults(string at, SeedPolicy policy)
    {
        foreach (var prefix in (policy.Allow ?? []).Concat(policy.Deny ?? []).Where(p => !DestinationName.IsPrefix(p)))
            yield return $"{at}: policy: {prefix} is no number prefix with +";
        if (policy.CallsPerMinutePerUser is < 1 or > 300) yield return $"{at}: policy: callsPerMinutePerUser must be 1 to 300";
        if (policy.MaxCallSeconds is < 1 or > 86400) yield return $"{at}: policy: maxCallSeconds must be 1 to 86400";
        foreach (var country in (policy.Countries ?? []).Where(c => !CallingCodes.IsCountry(c)))
            yield return $"{at}: policy: {country} is no country such as DE, nor * for all";
        foreach (var hours in (policy.Hours ?? []).Where(h => !CallHours.TryParse(h, out _)))
            yield return $"{at}: policy: {hours} are no hours such as mon-fri 08:00-18:00";
        var limits = policy.Limits ?? new SeedLimits();
        foreach (var (name, limit) in new[] { ("user", limits.User), ("address", limits.Address), ("destination", limits.Destination), ("phoneAddress", limits.PhoneAddress) })
        {
            if (limit?.Minute is < 1 or > CallLimits.MostInAMinute) yield return $"{at}: policy: limits: {name}: minute must be 1 to {CallLimits.MostInAMinute}";
            if (limit?.Hour is < 1 or > CallLimits.MostInAnHour) yield return $"{at}: policy: limits: {name}: hour must be 1 to {CallLimits.MostInAnHour}";
            if (limit?.Day is < 1 or > CallLimits.MostInADay) yield return $"{at}: policy: limits: {name}: day must be 1 to {CallLimits.MostInADay}";
            if (limit?.AtOnce is < 1 or > CallLimits.MostAtOnce) yield return $"{at}: policy: limits: {name}: atOnce must be 1 to {CallLimits.MostAtOnce}";
            if (limit?.AtOnce is not null && name != "user") yield return $"{at}: policy: limits: {name}: atOnce is for users only";
        }
    }

    private static IEnumerable<string> TrunkFaults(SeedTrunk trunk)
    {
        var at = $"trunk {trunk.Name}";
        if (!DestinationName.IsUserName(trunk.Name)) yield return $"{at}: not a name of letters, digits, - _ .";
        if (!trunk.Address.StartsWith("sip:", StringComparison.Ordinal) && !trunk.Address.StartsWith("sips:", StringComparison.Ordinal))
            yield return $"{at}: the address must be a SIP URI";
        if (trunk.Prefixes.Count == 0) yield return $"{at}: no prefixes";
        foreach (var prefix in trunk.Prefixes.Where(p => !DestinationName.IsPrefix(p))) yield return $"{at}: {prefix} is no number prefix with +";
        if (trunk.UserName is null != trunk.Password is null) yield return $"{at}: userName and password belong together";
        if (trunk.Password is { } password && SecretFault(password) is { } fault) yield return $"{at}: password {fault}";
        if (trunk.Settings is not { } settings) yield break;
        foreach (var wrong in TrunkRules.Faults(settings)) yield return $"{at}: {wrong}";
        if (settings.Registration is not null && trunk.UserName is null) yield return $"{at}: a registration needs userName and password";
        if (settings.CallerId is TrunkCallerId.Fixed or TrunkCallerId.Allowed && trunk.CallerId is null)
            yield return $"{at}: callerId is needed where the trunk's own number is shown";
    }

    // The name of a folder: nothing that leads out of it.
    private static bool IsLanguage(string text) => text.Length is >= 2 and <= 16 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static string? SecretFault(string secret)
    {
        if (secret.Contains(Placeholder, StringComparison.Ordinal)) return "is still a placeholder";
        return secret.Length < MinimumPasswordLength ? $"is shorter than {MinimumPasswordLength} characters" : null;
    }

    // The id alone: what follows it is the secret.
    private static string IdOf(SeedKey key) =>
        key.Key.Split('_') is [_, { } id, ..] && ApiKey.IsId(id) ? id : "without a proper id";

    private static IEnumerable<string> Repeated(IEnumerable<string> names) =>
        names.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key);
}
