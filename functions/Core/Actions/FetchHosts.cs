namespace ClickToDial.Core.Actions;

/// <summary>
/// The hosts that scripts of a domain may fetch from (C7): <c>api.example.com</c>, or <c>*.example.com</c> for every name below it, with
/// a port where it is not the scheme's own. None by default.
/// </summary>
public sealed class FetchHosts(IReadOnlyList<string> entries)
{
    public const int MostEntries = 100;
    private const int MaxEntry = 260;
    private const string Below = "*.";

    public static readonly FetchHosts None = new([]);

    public IReadOnlyList<string> Entries => entries;

    /// <summary>True for what can stand in the list.</summary>
    public static bool IsEntry(string text)
    {
        if (text.Length > MaxEntry || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '*' or ':' or '[' or ']')) return false;
        var name = text.StartsWith(Below, StringComparison.Ordinal) ? text[Below.Length..] : text;
        if (name.Contains('*', StringComparison.Ordinal) || !Uri.TryCreate($"https://{name}/", UriKind.Absolute, out var uri) || uri.Host.Length == 0) return false;
        // What is below an address, or below a whole top-level domain, is nothing that anybody means.
        return name == text || (uri.HostNameType == UriHostNameType.Dns && uri.Host.TrimEnd('.').Contains('.', StringComparison.Ordinal));
    }

    public bool Allows(Uri url) => entries.Any(entry => Allows(entry, url));

    private static bool Allows(string entry, Uri url)
    {
        var isBelow = entry.StartsWith(Below, StringComparison.Ordinal);
        if (!Uri.TryCreate($"{url.Scheme}://{(isBelow ? entry[Below.Length..] : entry)}/", UriKind.Absolute, out var allowed) || allowed.Port != url.Port) return false;
        if (NameOf(url) is not { } host || NameOf(allowed) is not { } name) return false;
        return isBelow
            ? host.Length > name.Length && host.EndsWith("." + name, StringComparison.OrdinalIgnoreCase)
            : host.Equals(name, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>As it is looked up; null for what is a name to the reader of URLs and none by the rules of IDN.</summary>
    private static string? NameOf(Uri uri)
    {
        try
        {
            return uri.IdnHost.TrimEnd('.');
        }
        catch (UriFormatException)
        {
            return null;
        }
    }
}
