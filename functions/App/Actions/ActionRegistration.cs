using ClickToDial.App.Actions.Builders;
using ClickToDial.App.Actions.Chains;
using ClickToDial.App.Actions.Scripts;
using ClickToDial.App.Actions.Softphone;
using ClickToDial.App.Hosting;
using ClickToDial.App.Hosting.Secrets;
using ClickToDial.Core.Calls;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Actions;

public static class ActionRegistration
{
    public static IServiceCollection AddActions(this IServiceCollection services) => services
        .AddCheckedOptions<ChainOptions>(ChainOptions.Section)
        .AddCheckedOptions<ScriptOptions>(ScriptOptions.Section)
        .AddCheckedOptions<ScriptRunnerOptions>(ScriptRunnerOptions.Section)
        .AddLive<ScriptRunnerOptions>(ScriptRunnerOptions.Section, (provider, now) => provider.GetRequiredService<ScriptRunnerOptions>().Token = now.Token)
        .AddSingleton<ScriptRunnerClient>()
        .AddSingleton<ScriptSecrets>()
        .AddSingleton(ScriptSecrets.Sealed)
        .AddSingleton<ScriptValues>()
        .AddSingleton<ScriptCalls>()
        .AddSingleton<ScriptFetch>()
        .AddSingleton<ScriptHost>()
        .AddSingleton<ItemTables>()
        .AddSingleton<BuilderDesk>()
        .AddSingleton<BuilderHttp>()
        .AddSingleton<SoftphoneCaller>()
        .AddSingleton<CampaignEntries>()
        .AddSingleton<CallCommands>()
        .AddSingleton<CallWatch>()
        .AddSingleton<ICallWatch>(services => services.GetRequiredService<CallWatch>())
        .AddSingleton<ChainStore>()
        .AddSingleton<ChainPurge>()
        .AddSingleton<ChainWatch>()
        .AddSingleton<FormsAhead>()
        .AddSingleton<ChainDesk>();
}
