using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Workers;

public static class WorkerRegistration
{
    public static IServiceCollection AddWorkers(this IServiceCollection services) => services.AddSingleton<WorkerRegister>();
}
