using ClickToDial.App.Hosting;

namespace ClickToDial.App.Sessions;

/// <summary>A TURN server of the operator's, for browsers that cannot reach the worker directly.</summary>
public sealed class TurnOptions : ICheckedOptions
{
    public const string Section = "Turn";

    /// <summary>Where it is: <c>turn:turn.example.com:3478?transport=udp</c>, <c>turns:turn.example.com</c>. Empty for none.</summary>
    public IList<string> Urls { get; } = [];

    /// <summary>The secret that it shares with us (coturn: <c>static-auth-secret</c>), at least 16 characters.</summary>
    public string Secret { get; set; } = "";

    /// <summary>How long credentials are good, in seconds: 60 to 86400. Default 3600.</summary>
    public int LifetimeSeconds { get; set; } = 3600;

    public IEnumerable<string> Faults()
    {
        for (var i = 0; i < Urls.Count; i++)
            if (!Urls[i].StartsWith("turn:", StringComparison.Ordinal) && !Urls[i].StartsWith("turns:", StringComparison.Ordinal)) yield return $"Urls:{i} must begin with turn: or turns:";
        if (Urls.Count > 0 && Secret.Length < 16) yield return "Secret must have at least 16 characters";
        if (LifetimeSeconds is < 60 or > 86400) yield return "LifetimeSeconds must be 60 to 86400";
    }
}
