namespace ClickToDial.App.Hosting;

/// <summary>Options that can say what is wrong with them.</summary>
public interface ICheckedOptions
{
    /// <summary>Every fault, in words that name the setting and never repeat a secret.</summary>
    IEnumerable<string> Faults();
}
