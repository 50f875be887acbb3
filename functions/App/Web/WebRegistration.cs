using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Web;

public static class WebRegistration
{
    public static IServiceCollection AddWeb(this IServiceCollection services) =>
        services.AddSingleton(new WebFiles(Path.Combine(AppContext.BaseDirectory, WebFiles.Folder)));
}
