namespace ClickToDial.TestKit.Processes;

/// <summary>A program of the machine that some tests need: where it is, or which package brings it.</summary>
public sealed record Tool(string Command, string Package)
{
    public static Tool Sipp { get; } = new("sipp", "sip-tester");

    public static Tool Baresip { get; } = new("baresip", "baresip-core");

    public static Tool OpenSsl { get; } = new("openssl", "openssl");

    public static Tool Kamailio { get; } = new("kamailio", "kamailio");

    public static Tool Node { get; } = new("node", "nodejs");

    /// <summary>Full path, or null when it is not installed.</summary>
    public string? Path { get; } = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => System.IO.Path.Combine(folder, Command))
        .FirstOrDefault(File.Exists);

    public bool IsInstalled => Path is not null;

    /// <summary>Why a test that needs it does not run.</summary>
    public string Missing => $"{Command} is not installed (Debian package {Package}).";
}
