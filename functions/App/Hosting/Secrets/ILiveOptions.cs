using Microsoft.Extensions.Configuration;

namespace ClickToDial.App.Hosting.Secrets;

/// <summary>Options whose secrets are replaced while the app runs.</summary>
internal interface ILiveOptions
{
    string Section { get; }

    /// <summary>Reads them anew and gives them to who uses them, unless there is something wrong with them.</summary>
    /// <returns>The faults, which repeat no secret.</returns>
    IReadOnlyList<string> Take(IConfiguration settings);
}
