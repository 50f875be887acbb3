using ClickToDial.App.Hosting;
using ClickToDial.Core.Access;

namespace ClickToDial.App.Adapters.Egress;

/// <summary>Where requests may go whose destination somebody else chose.</summary>
public sealed class EgressOptions : ICheckedOptions
{
    public const string Section = "Egress";

    /// <summary>Networks in CIDR notation that may be reached though they are not public. Empty for none.</summary>
    public IList<string> AllowNetworks { get; } = [];

    /// <summary>Whether http is taken beside https. Default false.</summary>
    public bool AllowPlainHttp { get; set; }

    public IEnumerable<string> Faults()
    {
        for (var i = 0; i < AllowNetworks.Count; i++)
            if (!AddressRanges.TryParse(AllowNetworks[i], out _)) yield return $"AllowNetworks:{i} must be a network such as 10.1.0.0/16 or fd00::/8";
    }
}
