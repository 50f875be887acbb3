using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.App.Hosting.Secrets;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Guard;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Calls;

public static class CallRegistration
{
    public static IServiceCollection AddCalls(this IServiceCollection services) => services
        .AddCheckedOptions<CallOptions>(CallOptions.Section)
        .AddCheckedOptions<CallWorkerOptions>(CallWorkerOptions.Section)
        .AddLive<CallWorkerOptions>(CallWorkerOptions.Section, (provider, now) => provider.GetRequiredService<CallWorkerOptions>().ControlToken = now.ControlToken)
        .AddSingleton<ICallStore, TableCallStore>()
        .AddSingleton<ITallyStore, TableTallyStore>()
        .AddSingleton<IGuardLog, TableGuardLog>()
        .AddSingleton<CallCounter>()
        .AddSingleton<IWorkerClient, WorkerPool>()
        .AddSingleton<CallGuard>()
        .AddSingleton<Originator>()
        .AddSingleton<OriginateRequestHandler>()
        .AddSingleton<WatchSeats>()
        .AddSingleton<CallReader>()
        .AddSingleton<CallCloser>()
        .AddSingleton<CallEnder>()
        .AddSingleton<CallHolder>()
        .AddSingleton<CallInquiry>()
        .AddSingleton<CallSweeper>()
        .AddSingleton<ExpiredRows>();
}
