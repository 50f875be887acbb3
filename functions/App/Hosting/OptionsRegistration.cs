using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClickToDial.App.Hosting;

/// <summary>Binds a feature's options and checks them before anything starts; the faults of all features are said at once.</summary>
public static class OptionsRegistration
{
    public static IServiceCollection AddCheckedOptions<T>(this IServiceCollection services, string section)
        where T : class, ICheckedOptions
    {
        services.AddOptions<T>().BindConfiguration(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<T>>(new Validator<T>(section));
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<T>>().Value);
        return services;
    }

    private sealed class Validator<T>(string section) : IValidateOptions<T>
        where T : class, ICheckedOptions
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            var faults = options.Faults().Select(f => $"{section}: {f}").ToList();
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}
