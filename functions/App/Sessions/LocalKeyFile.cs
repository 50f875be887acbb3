using ClickToDial.Core.Sessions;

namespace ClickToDial.App.Sessions;

/// <summary>The signing key of a developer's machine: made once, readable by its owner only.</summary>
public static class LocalKeyFile
{
    public static SigningKey ReadOrMake(string path)
    {
        if (File.Exists(path)) return SigningKey.FromPem(File.ReadAllText(path));
        var key = SigningKey.Generate();
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) System.IO.Directory.CreateDirectory(folder);
        var mode = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, mode);
        writer.Write(key.ToPem());
        return key;
    }
}
