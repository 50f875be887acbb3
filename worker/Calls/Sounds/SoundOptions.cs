namespace ClickToDial.Calls.Sounds;

/// <summary>Who hears why a call failed, where there is a sound of that name.</summary>
public enum FailureAnnouncements
{
    Never,

    /// <summary>Who has answered already: the user of a call that was asked for, whose destination cannot be had.</summary>
    Answered,

    /// <summary>Also who dials, before the refusal, as early media (183).</summary>
    Always,
}

/// <summary>What calls play besides the worker's own sounds, section "Sounds".</summary>
public sealed class SoundOptions
{
    public const string Section = "Sounds";

    /// <summary>
    /// Folder of WAV files, each a sound by the name of its file; sounds of a language stand in a folder below that is named by it.
    /// Empty for the worker's own sounds alone.
    /// </summary>
    public string Folder { get; set; } = "";

    /// <summary>The language to look in first where the domain says none; empty for none.</summary>
    public string Language { get; set; } = "";

    /// <summary>Whether a sound named by the reason of a failure is played before the call ends. Default Never.</summary>
    public FailureAnnouncements AnnounceFailures { get; set; } = FailureAnnouncements.Never;

    /// <summary>Every error at once, each naming its setting. Reads every file.</summary>
    public IEnumerable<string> Validate()
    {
        if (!Enum.IsDefined(AnnounceFailures)) yield return $"{Section}: AnnounceFailures must be Never, Answered or Always.";
        if (Language.Length > 0 && !SoundFolder.IsLanguage(Language)) yield return $"{Section}: Language must be such as de or pt-BR.";
        if (Folder.Length == 0)
        {
            if (Language.Length > 0) yield return $"{Section}: Language needs a Folder.";
            yield break;
        }
        foreach (var fault in SoundFolder.Faults(Folder)) yield return $"{Section}: {fault}.";
        if (Language.Length > 0 && !Path.Exists(Path.Combine(Folder, Language))) yield return $"{Section}: Folder has no folder {Language}.";
    }
}
