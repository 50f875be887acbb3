using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClickToDial.App.Hosting.Secrets;

public static class SecretRegistration
{
    /// <summary>Called before any feature: files count from the start.</summary>
    public static void AddSecrets(this FunctionsApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(SecretStoreOptions.Section);
        var folder = section[nameof(SecretStoreOptions.Folder)] ?? "";
        var live = new LiveConfiguration(System.IO.Directory.Exists(folder) ? new FolderSecrets(folder).Read() : new Dictionary<string, string>());
        ((IConfigurationBuilder)builder.Configuration).Add(live);
        builder.Services.AddCheckedOptions<SecretStoreOptions>(SecretStoreOptions.Section);
        builder.Services.AddSingleton(live);
        builder.Services.AddSingleton<SecretHealth>();
        if (folder.Length > 0) builder.Services.TryAddSingleton<ISecretStore>(new FolderSecrets(folder));
        else if (Uri.TryCreate(section[nameof(SecretStoreOptions.VaultUri)], UriKind.Absolute, out var vault))
            builder.Services.TryAddSingleton<ISecretStore>(_ => new VaultSecrets(vault, new DefaultAzureCredential()));
        builder.Services.AddHostedService<SecretWatch>();
    }

    /// <summary>What is to be done with new secrets of a section, once they are known to be good.</summary>
    public static IServiceCollection AddLive<T>(this IServiceCollection services, string section, Action<IServiceProvider, T> take)
        where T : class, ICheckedOptions, new() =>
        services.AddSingleton<ILiveOptions>(provider => new LiveOptions<T>(section, provider, take));
}
