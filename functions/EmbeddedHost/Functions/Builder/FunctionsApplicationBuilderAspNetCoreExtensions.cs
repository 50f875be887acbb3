using ClickToDial.EmbeddedHost.Http;

namespace ClickToDial.EmbeddedHost.Functions.Builder;

public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    /// <summary>Lets HTTP functions use ASP.NET Core types; without it, HTTP functions are refused at start.</summary>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        HttpIntegration.AddTo(builder);
        return builder;
    }
}
