namespace ClickToDial.EmbeddedHost.Functions.Builder;

/// <summary>Where a function app's Program starts.</summary>
public class FunctionsApplication
{
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(args);
}
