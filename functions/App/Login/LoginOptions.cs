using ClickToDial.App.Hosting;

namespace ClickToDial.App.Login;

/// <summary>Third-party login.</summary>
public sealed class LoginOptions : ICheckedOptions
{
    public const string Section = "Login";

    /// <summary>Life of a session that a login becomes, in seconds: 60 to 3600. Default 3600.</summary>
    public int SessionSeconds { get; set; } = 3600;

    /// <summary>Host that pages are told to open their WebSocket at, such as <c>phone.example.com</c>. Empty: the one they asked.</summary>
    public string Server { get; set; } = "";

    public IEnumerable<string> Faults()
    {
        if (SessionSeconds is < 60 or > 3600) yield return "SessionSeconds must be 60 to 3600";
        if (Server.Length > 0 && Uri.CheckHostName(Server.Split(':')[0]) == UriHostNameType.Unknown) yield return "Server must be a host name, with a port where it needs one";
    }
}
