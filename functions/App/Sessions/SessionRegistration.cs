using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Sessions;

public static class SessionRegistration
{
    public static IServiceCollection AddSessions(this IServiceCollection services) => services
        .AddCheckedOptions<SessionOptions>(SessionOptions.Section)
        .AddCheckedOptions<TurnOptions>(TurnOptions.Section)
        .AddSingleton(provider => provider.GetRequiredService<SessionOptions>().ReadKeys())
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
