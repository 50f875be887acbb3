namespace ClickToDial.App.Hosting;

/// <summary>Options that can say what is wrong with them.</summary>
public interface ICheckedOptions
{
    /// <summary>Every fault, in words that name the setting and never repeat a secret.</summary>
    IEnumerable<string> Faults();

    /// <summary>
    /// The same for new secrets of an app that runs. What only the start reads is not looked at, and a list of what is accepted may be
    /// empty: then everybody is refused, as whoever withdraws the last one wants.
    /// </summary>
    IEnumerable<string> FaultsWhileRunning() => Faults();
}
