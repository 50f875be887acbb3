using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.PbxApi;

public static class PbxApiRegistration
{
    public static IServiceCollection AddPbxApi(this IServiceCollection services) =>
        services.AddSingleton<PbxLists>().AddSingleton<PbxListAnswers>().AddSingleton<CallToNumberHandler>().AddSingleton<ItemLists>();
}
