using ClickToDial.App.Hosting;
using ClickToDial.App.Hosting.Secrets;
using ClickToDial.Core;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Directory;

public static class DirectoryRegistration
{
    public static IServiceCollection AddDirectory(this IServiceCollection services)
    {
        foreach (var table in DirectoryEntities.Sealed) services.AddSingleton(table);
        return services.AddServices();
    }

    private static IServiceCollection AddServices(this IServiceCollection services) => services
        .AddCheckedOptions<DirectoryOptions>(DirectoryOptions.Section)
        .AddSingleton(provider => new SecretBox(
            provider.GetRequiredService<DirectoryOptions>().ReadKeys(), provider.GetRequiredService<IRandomSource>()))
        .AddSingleton<DirectoryEntities>()
        .AddSingleton<DirectorySeeder>()
        .AddSingleton<IDirectoryReader, TableDirectory>()
        .AddSingleton<WorkerTokens>()
        .AddLive<DirectoryOptions>(DirectoryOptions.Section, (provider, now) =>
        {
            provider.GetRequiredService<SecretBox>().Replace(now.ReadKeys());
            provider.GetRequiredService<WorkerTokens>().Replace(now);
        });
}
