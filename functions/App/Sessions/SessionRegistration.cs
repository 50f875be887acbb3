using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.App.Hosting.Secrets;
using ClickToDial.Core.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Sessions;

public static class SessionRegistration
{
    public static IServiceCollection AddSessions(this IServiceCollection services) => services
        .AddCheckedOptions<SessionOptions>(SessionOptions.Section)
        .AddCheckedOptions<TurnOptions>(TurnOptions.Section)
        .AddSingleton(provider => provider.GetRequiredService<SessionOptions>().ReadKeys())
        .AddLive<SessionOptions>(SessionOptions.Section, (provider, now) => provider.GetRequiredService<SigningKeyRing>().Replace(now.ReadKeys().Keys))
        .AddLive<TurnOptions>(TurnOptions.Section, (provider, now) => provider.GetRequiredService<TurnOptions>().Secret = now.Secret)
        .AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<SessionOptions>();
            return new SessionTokenValidator(
                provider.GetRequiredService<SigningKeyRing>(), options.Issuer, options.Audience,
                TimeSpan.FromSeconds(options.ClockSkewSeconds));
        })
        .AddSingleton<SessionIssuer>()
        .AddSingleton<ITokenUseStore, TableTokenUseStore>();
}
