using System.Text.RegularExpressions;
using ClickToDial.Contracts.Directory;

namespace ClickToDial.Calls.Trunks;

/// <summary>A trunk's rules for numbers, ready for use. Immutable.</summary>
public sealed class NumberRules
{
    /// <summary>Longer numbers are left as they are; no telephone number comes near it.</summary>
    public const int LongestNumber = 128;

    // The engine is linear in the number; the limit is for the machine that stands still.
    private static readonly TimeSpan MatchLimit = TimeSpan.FromMilliseconds(50);

    private readonly IReadOnlyList<Rule> _rules;

    /// <summary>Rules that make no sense are left out: the functions refuse them, and one bad row must not take a trunk away.</summary>
    public NumberRules(IReadOnlyList<NumberRule>? rules) => _rules = [.. (rules ?? []).Select(Rule.Of).OfType<Rule>()];

    /// <summary>What the first rule makes of the number that is for this side and matches; the number itself where none does.</summary>
    /// <param name="side">Whose number it is: called or caller.</param>
    public string Apply(string number, NumberSide side)
    {
        if (number.Length > LongestNumber) return number;
        foreach (var rule in _rules)
            if ((rule.For == NumberSide.Both || rule.For == side) && rule.TryApply(number, out var changed))
                return changed.Length > LongestNumber ? number : changed;
        return number;
    }

    /// <summary>True when a rule of this kind can be used.</summary>
    public static bool IsValid(NumberRule rule) => Rule.Of(rule) is not null;

    private sealed record Rule(NumberSide For, string Strip, string Add, Regex? Pattern, string Replace)
    {
        public static Rule? Of(NumberRule rule)
        {
            var byPrefix = rule is { Pattern: null, Replace: null } && (rule.Strip is not null || rule.Add is not null);
            if (byPrefix) return new Rule(rule.For, rule.Strip ?? "", rule.Add ?? "", null, "");
            if (rule is not { Pattern: { Length: > 0 and <= 256 } pattern, Replace: { Length: <= 256 } replace, Strip: null, Add: null }) return null;
            try
            {
                var regex = new Regex($"^(?:{pattern})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, MatchLimit);
                _ = regex.Replace("", replace); // What it becomes is parsed only when it is used, and may make no sense either.
                return new Rule(rule.For, "", "", regex, replace);
            }
            catch (Exception e) when (e is ArgumentException or NotSupportedException or RegexMatchTimeoutException)
            {
                return null;
            }
        }

        public bool TryApply(string number, out string changed)
        {
            changed = number;
            if (Pattern is null)
            {
                if (!number.StartsWith(Strip, StringComparison.Ordinal)) return false;
                changed = string.Concat(Add, number.AsSpan(Strip.Length));
                return true;
            }
            try
            {
                if (Pattern.Match(number) is not { Success: true } match) return false;
                changed = match.Result(Replace);
                return true;
            }
            catch (RegexMatchTimeoutException)
            {
                return false;
            }
        }
    }
}
