using System.Net;
using System.Text.RegularExpressions;
using ClickToDial.Contracts.Directory;
using ClickToDial.Core.Destinations;

namespace ClickToDial.Core.Directory;

/// <summary>What is wrong with the settings of a trunk.</summary>
public static class TrunkRules
{
    /// <summary>Speech codecs that the worker has.</summary>
    public static IReadOnlyList<string> Codecs { get; } = ["PCMA", "PCMU", "G722", "opus"];

    private const int LongestPattern = 256;
    private const int MostRules = 64;

    private static readonly TimeSpan MatchLimit = TimeSpan.FromMilliseconds(50);

    public static IEnumerable<string> Faults(TrunkSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return
        [
            .. Range("priority", settings.Priority, 0, 1000),
            .. Range("answerSeconds", settings.AnswerSeconds, 1, 32),
            .. settings.MaxCalls is { } most ? Range("maxCalls", most, 1, 100_000) : [],
            .. ServerFaults(settings.Servers ?? []),
            .. (settings.Sources ?? []).Where(source => !IsSource(source)).Select(source => $"{source} is no address, address with port, or network"),
            .. settings.Registration is { } registration ? Range("registration: expiresSeconds", registration.ExpiresSeconds, 60, 86_400) : [],
            .. settings.Registration is { Domain: { } domain } && !DestinationName.IsDomain(domain) ? ["registration: domain is no lower-case host name"] : Array.Empty<string>(),
            .. settings.Health is { } health ? HealthFaults(health) : [],
            .. (settings.Codecs ?? []).Where(name => !Codecs.Contains(name, StringComparer.OrdinalIgnoreCase))
                .Select(name => $"{name} is no codec; known are {string.Join(", ", Codecs)}"),
            .. (settings.TlsNames ?? []).Where(name => !DestinationName.IsDomain(name)).Select(name => $"tlsNames: {name} is no lower-case host name"),
            .. RuleFaults("inboundRules", settings.InboundRules ?? []),
            .. RuleFaults("outboundRules", settings.OutboundRules ?? []),
            .. CallerFaults(settings),
        ];
    }

    private static IEnumerable<string> ServerFaults(IReadOnlyList<TrunkServer> servers)
    {
        if (servers.Count > 16) yield return "more than 16 servers";
        foreach (var server in servers)
        {
            if (!server.Address.StartsWith("sip:", StringComparison.Ordinal) && !server.Address.StartsWith("sips:", StringComparison.Ordinal))
                yield return $"server {server.Address}: must be a SIP URI";
            foreach (var fault in Range($"server {server.Address}: priority", server.Priority, 0, 1000)) yield return fault;
            foreach (var fault in Range($"server {server.Address}: weight", server.Weight, 1, 1000)) yield return fault;
        }
    }

    private static IEnumerable<string> HealthFaults(TrunkHealth health) =>
    [
        .. Range("health: intervalSeconds", health.IntervalSeconds, 5, 3600),
        .. Range("health: timeoutSeconds", health.TimeoutSeconds, 1, 32),
        .. Range("health: downAfter", health.DownAfter, 1, 20),
        .. Range("health: upAfter", health.UpAfter, 1, 20),
    ];

    private static IEnumerable<string> CallerFaults(TrunkSettings settings)
    {
        if (settings.CallerId == TrunkCallerId.Allowed && settings.CallerIds is not { Count: > 0 }) yield return "callerIds: empty, so nothing is allowed";
        foreach (var entry in settings.CallerIds ?? [])
            if (entry.EndsWith('*') ? !DestinationName.IsPrefix(entry[..^1]) : !DestinationName.IsE164(entry))
                yield return $"callerIds: {entry} is no number with +, and no prefix ending in *";
    }

    private static IEnumerable<string> RuleFaults(string list, IReadOnlyList<NumberRule> rules)
    {
        if (rules.Count > MostRules) yield return $"{list}: more than {MostRules}";
        for (var i = 0; i < rules.Count; i++)
            if (FaultOf(rules[i]) is { } fault)
                yield return $"{list}: rule {i + 1}: {fault}";
    }

    private static string? FaultOf(NumberRule rule)
    {
        var byPrefix = rule.Strip is not null || rule.Add is not null;
        var byPattern = rule.Pattern is not null || rule.Replace is not null;
        if (byPrefix == byPattern) return "give strip and add, or pattern and replace";
        if (byPrefix) return null;
        if (rule.Pattern is not { Length: > 0 and <= LongestPattern } pattern || rule.Replace is not { Length: <= LongestPattern })
            return $"pattern and replace belong together, up to {LongestPattern} characters each";
        try
        {
            // As the worker reads it: linear in the number, whatever the pattern.
            _ = new Regex($"^(?:{pattern})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, MatchLimit).Replace("", rule.Replace);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or RegexMatchTimeoutException)
        {
            return "pattern or replace cannot be read; look-around and back-references are not there";
        }
    }

    private static bool IsSource(string text) =>
        text.Contains('/', StringComparison.Ordinal) ? IPNetwork.TryParse(text, out _)
        : IPEndPoint.TryParse(text, out var end) && (end.Port > 0 || IPAddress.TryParse(text, out _));

    private static string[] Range(string name, int value, int least, int most) =>
        value < least || value > most ? [$"{name} must be {least} to {most}"] : [];
}
