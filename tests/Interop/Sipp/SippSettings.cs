using System.Globalization;
using ClickToDial.TestKit.Network;

namespace ClickToDial.Interop.Sipp;

/// <summary>Who this sipp is: its ports, and the account whose name it uses.</summary>
internal sealed record SippSettings(int Port, int MediaPort, int ControlPort)
{
    public const string Address = "127.0.0.1";

    public string Domain { get; init; } = "";

    public string User { get; init; } = "";

    public string Password { get; init; } = "";

    /// <summary>The number it calls.</summary>
    public string Number { get; init; } = "";

    public bool Tcp { get; init; }

    /// <summary>Sends every RTP packet back.</summary>
    public bool EchoesMedia { get; init; }

    public static SippSettings On(PortBlock ports) => new(ports.Next(), ports.NextRange(4).First, ports.Next());

    public IReadOnlyList<string> Arguments() =>
    [
        "-i", Address, "-p", Text(Port),
        "-mi", Address, "-mp", Text(MediaPort), "-cp", Text(ControlPort),
        "-t", Tcp ? "t1" : "u1",
        "-s", User, "-au", User, "-ap", Password,
        "-key", "domain", Domain, "-key", "user", User, "-key", "password", Password, "-key", "number", Number,
        .. EchoesMedia ? ["-rtp_echo"] : Array.Empty<string>(),
    ];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
