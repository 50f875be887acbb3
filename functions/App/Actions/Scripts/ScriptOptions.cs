using ClickToDial.App.Hosting;

namespace ClickToDial.App.Actions.Scripts;

/// <summary>Bounds of what scripts of one domain keep.</summary>
public sealed class ScriptOptions : ICheckedOptions
{
    public const string Section = "Scripts";

    /// <summary>Most values of a domain: 1 to 1000. Default 1000.</summary>
    public int MostKeys { get; set; } = 1000;

    /// <summary>Room for all keys and values of a domain, in KiB: 1 to 65536. Default 4096.</summary>
    public int MostKilobytes { get; set; } = 4096;

    public IEnumerable<string> Faults()
    {
        if (MostKeys is < 1 or > ScriptValues.MostKeys) yield return $"MostKeys must be 1 to {ScriptValues.MostKeys}";
        if (MostKilobytes is < 1 or > 65536) yield return "MostKilobytes must be 1 to 65536";
    }
}
