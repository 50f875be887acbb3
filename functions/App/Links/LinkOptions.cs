using ClickToDial.App.Hosting;

namespace ClickToDial.App.Links;

/// <summary>Dial links.</summary>
public sealed class LinkOptions : ICheckedOptions
{
    public const string Section = "Links";

    /// <summary>Where people reach the app, such as <c>https://dial.example.com</c>: what made links begin with. Empty: links have no host.</summary>
    public string BaseUrl { get; set; } = "";

    public IEnumerable<string> Faults()
    {
        if (BaseUrl.Length > 0 && !(Uri.TryCreate(BaseUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0))
            yield return "BaseUrl must be an http or https address";
    }
}
