namespace ClickToDial.Core.Actions;

/// <summary>Which parameters each action takes; what passes here has them in their own spelling.</summary>
public static class ActionRules
{
    public const int MaxUrlLength = 2048;
    public const int MaxFormName = 128;

    private static readonly Dictionary<string, ActionName> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["answerCall"] = ActionName.AnswerCall,
        ["endCall"] = ActionName.EndCall,
        ["makeCall"] = ActionName.MakeCall,
        ["openForm"] = ActionName.OpenForm,
        ["redirect"] = ActionName.Redirect,
        ["toggleMic"] = ActionName.ToggleMic,
        ["save"] = ActionName.Save,
        ["next"] = ActionName.Next,
    };

    /// <summary>True when the text is the name of an action, in any case; otherwise it is the entry of a script.</summary>
    public static bool IsAction(string name) => Names.ContainsKey(name);

    /// <summary>The action, or what is wrong with it, for people.</summary>
    public static (ChainAction? Action, string? Fault) Check(string name, IReadOnlyList<string> parameters)
    {
        if (!Names.TryGetValue(name, out var action)) return (null, $"There is no action \"{Shown(name)}\".");
        var (checkedParameters, fault) = Parameters(action, parameters);
        return fault is null ? (new ChainAction(action, checkedParameters), null) : (null, fault);
    }

    private static (IReadOnlyList<string> Parameters, string? Fault) Parameters(ActionName action, IReadOnlyList<string> given) => action switch
    {
        ActionName.MakeCall => OneOf(given, "makeCall needs alt_phone or phone_code.", "alt_phone", "phone_code"),
        ActionName.Save => OneOf(given, "save needs Yes, No or Unknown.", "Yes", "No", "Unknown"),
        // The form may be named by the button instead.
        ActionName.OpenForm when given.Count <= 1 && given.All(name => name.Length is > 0 and <= MaxFormName) => (given, null),
        ActionName.OpenForm => ([], $"openForm needs the name of a form, of at most {MaxFormName} characters."),
        ActionName.Redirect => Redirect(given),
        _ when given.Count == 0 => (given, null),
        _ => ([], "This action takes no parameters."),
    };

    private static (IReadOnlyList<string> Parameters, string? Fault) OneOf(IReadOnlyList<string> given, string fault, params ReadOnlySpan<string> choices)
    {
        if (given is [{ } one])
            foreach (var choice in choices)
                if (choice.Equals(one, StringComparison.OrdinalIgnoreCase))
                    return ([choice], null);
        return ([], fault);
    }

    // redirect(url [, true|false] [, _blank])
    private static (IReadOnlyList<string> Parameters, string? Fault) Redirect(IReadOnlyList<string> given)
    {
        if (given.Count is < 1 or > 3) return ([], "redirect needs a URL, then true or false for external, then _blank, the last two where wanted.");
        if (!IsSafeUrl(given[0])) return ([], "redirect goes to http and https URLs and to paths that begin with one slash.");
        var result = new List<string> { given[0] };
        foreach (var option in given.Skip(1))
        {
            var known = option.ToLowerInvariant() is "true" or "false" or "_blank" ? option.ToLowerInvariant() : null;
            if (known is null || result.Contains(known) || (known != "_blank" && result.Count > 1)) return ([], "redirect knows true, false and _blank after the URL.");
            result.Add(known);
        }
        return (result, null);
    }

    // What a page would be sent to: never a script, a file, or another host in the disguise of a path ("//host").
    private static bool IsSafeUrl(string url)
    {
        if (url.Length is 0 or > MaxUrlLength || url.AsSpan().ContainsAny('\\', '\t') || url.Any(char.IsControl)) return false;
        if (url[0] == '/') return url.Length == 1 || url[1] != '/';
        return Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", Host.Length: > 0, UserInfo.Length: 0 };
    }

    private static string Shown(string name) => name.Length <= 64 ? name : name[..64];
}
