using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClickToDial.App.Hosting.Secrets;

public static class SecretRegistration
{
    /// <summary>
    /// Called before any feature: secrets count from the start, also those that are nowhere in the settings, which are checked after this.
    /// A store that was registered before is used as it is.
    /// </summary>
    public static void AddSecrets(this FunctionsApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(SecretStoreOptions.Section);
        var store = StoreOf(builder.Services, section);
        var owned = store is { IsWhole: true } ? SecretNames.Settings.Values : [];
        var live = new LiveConfiguration(owned.ToHashSet(StringComparer.OrdinalIgnoreCase), UnresolvedReferences.In(builder.Configuration));
        ((IConfigurationBuilder)builder.Configuration).Add(live);
        builder.Services.AddCheckedOptions<SecretStoreOptions>(SecretStoreOptions.Section);
        builder.Services.AddSingleton(live);
        builder.Services.AddSingleton<SecretHealth>();
        if (store is not null)
        {
            builder.Services.TryAddSingleton(store);
            builder.Services.AddSingleton(FirstSecrets.Read(store, live, section));
        }

        builder.Services.AddHostedService<SecretWatch>();
    }

    /// <summary>What is to be done with new secrets of a section, once they are known to be good.</summary>
    public static IServiceCollection AddLive<T>(this IServiceCollection services, string section, Action<IServiceProvider, T> take)
        where T : class, ICheckedOptions, new() =>
        services.AddSingleton<ILiveOptions>(provider => new LiveOptions<T>(section, provider, take));

    // Settings that are wrong are said later, with all others.
    private static ISecretStore? StoreOf(IServiceCollection services, IConfigurationSection section)
    {
        if (services.FirstOrDefault(s => s.ServiceType == typeof(ISecretStore))?.ImplementationInstance is ISecretStore given) return given;
        if (section[nameof(SecretStoreOptions.Folder)] is { Length: > 0 } folder) return new FolderSecrets(folder);
        return Uri.TryCreate(section[nameof(SecretStoreOptions.VaultUri)], UriKind.Absolute, out var vault) ? new VaultSecrets(vault, new DefaultAzureCredential()) : null;
    }
}
