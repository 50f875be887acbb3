using ClickToDial.TestKit.Processes;

namespace ClickToDial.TestKit.Azure;

/// <summary>Where Azurite is on this machine, or why it is not.</summary>
public static class AzuriteTool
{
    private const string Script = ".local/tools/node_modules/azurite/dist/src/azurite.js";

    /// <summary>Full path of Azurite's program, or null when it is not installed.</summary>
    public static string? Path { get; } = Find();

    /// <summary>Why tests that need it do not run; null when they do.</summary>
    public static string? Missing =>
        !Tool.Node.IsInstalled ? Tool.Node.Missing
        : Path is null ? "Azurite is not installed (`dev restore` puts it into .local/tools)."
        : null;

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = System.IO.Path.Combine(folder.FullName, Script);
            if (File.Exists(script)) return script;
        }
        return null;
    }
}
