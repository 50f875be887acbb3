using ClickToDial.App.Tests.Support;
using ClickToDial.Core.Sessions;
using ClickToDial.TestKit.Azure;

namespace ClickToDial.App.Tests.Hosting.Secrets;

/// <summary>An app that looks at a folder of secrets each second, for tests that use it one after the other.</summary>
public sealed class SecretRig : IAsyncLifetime
{
    public const string Collection = "secrets of a folder";

    /// <summary>As in the settings, until a file of its name says otherwise.</summary>
    public static readonly string FirstEncryptionKey = "test:" + new string('a', 64);

    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("secrets-");

    public SecretRig()
    {
        App = new AppRig { Domains = 20, SecretsFolder = _folder.FullName };
        Put("session-signing-key", SigningKey.Generate().ToPem());
    }

    public AppRig App { get; }

    public ValueTask InitializeAsync() => AzuriteTool.Missing is null ? App.InitializeAsync() : ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (AzuriteTool.Missing is null) await App.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public string Folder => _folder.FullName;

    public void Remove(string name) => File.Delete(Path.Combine(_folder.FullName, name));

    /// <summary>Takes the folder away.</summary>
    public void Hide() => System.IO.Directory.Move(_folder.FullName, _folder.FullName + ".away");

    public void Show() => System.IO.Directory.Move(_folder.FullName + ".away", _folder.FullName);

    /// <summary>Whole or not at all, as those who keep secrets in files do.</summary>
    public void Put(string name, string value)
    {
        var part = Path.Combine(_folder.FullName, $".{name}.part");
        File.WriteAllText(part, value + "\n");
        File.Move(part, Path.Combine(_folder.FullName, name), overwrite: true);
    }
}
