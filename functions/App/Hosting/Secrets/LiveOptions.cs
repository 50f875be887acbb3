using Microsoft.Extensions.Configuration;

namespace ClickToDial.App.Hosting.Secrets;

internal sealed class LiveOptions<T>(string section, IServiceProvider services, Action<IServiceProvider, T> take) : ILiveOptions
    where T : class, ICheckedOptions, new()
{
    public string Section => section;

    public IReadOnlyList<string> Take(IConfiguration settings)
    {
        var options = new T();
        settings.GetSection(section).Bind(options);
        IReadOnlyList<string> faults = [.. options.FaultsWhileRunning()];
        if (faults.Count == 0) take(services, options);
        return faults;
    }
}
