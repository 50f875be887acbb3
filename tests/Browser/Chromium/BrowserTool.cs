using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Processes;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.Browser.Chromium;

/// <summary>What driving a browser takes, or why it cannot be done on this machine.</summary>
internal static class BrowserTool
{
    private static readonly Tool Chromium = new("chromium", "chromium");

    public static string Program => Chromium.Path!;

    /// <summary>Playwright's library, installed with the front end's packages.</summary>
    public static string Playwright { get; } = Path.Combine(Product.RepositoryRoot, "web/node_modules/playwright-core/index.js");

    public static string Driver { get; } = Path.Combine(Product.RepositoryRoot, "tests/Browser/Chromium/driver.mjs");

    /// <summary>The demonstration's CRM, which tests take as the back end of their pages.</summary>
    public static string Crm { get; } = Path.Combine(Product.RepositoryRoot, "web/demo/server.mjs");

    /// <summary>Why no page can be opened; null when it can. That is enough for tests that bring their own pages and servers.</summary>
    public static string? MissingBrowser { get; } =
        (Tool.Node.IsInstalled ? null : Tool.Node.Missing)
        ?? (Chromium.IsInstalled ? null : Chromium.Missing)
        ?? (File.Exists(Playwright) ? null : "The packages of web/ are not installed (`./dev test` does, or `npm ci` there).");

    public static string? Missing { get; } =
        AzuriteTool.Missing
        ?? MissingBrowser
        ?? (File.Exists(Path.Combine(Path.GetDirectoryName(Product.FunctionsProgram)!, "web/click-to-call.js"))
            ? null
            : "The front end was not built before the functions (`npm run build` in web/, then build again).");
}
