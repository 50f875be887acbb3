using ClickToDial.App.Directory;
using ClickToDial.App.Hosting;
using ClickToDial.App.Hosting.Secrets;
using ClickToDial.Core.Access;
using ClickToDial.Core.Links;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Links;

public static class LinkRegistration
{
    public static IServiceCollection AddLinks(this IServiceCollection services) => services
        .AddCheckedOptions<LinkOptions>(LinkOptions.Section)
        .AddSingleton(provider => new LinkTicketWriter(provider.GetRequiredService<DirectoryOptions>().ReadKeys()))
        .AddLive<DirectoryOptions>(DirectoryOptions.Section, (provider, now) => provider.GetRequiredService<LinkTicketWriter>().Replace(now.ReadKeys()))
        .AddSingleton<FailureLimiter>()
        .AddSingleton<LinkGate>()
        .AddSingleton<LinkDialler>()
        .AddSingleton<LinkMaker>();
}
