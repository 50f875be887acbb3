using System.Diagnostics.Metrics;

namespace ClickToDial.Calls.Registrar;

/// <summary>What the registrar counts, on meter "ClickToDial.Registrar". No name of an account or an address is in it.</summary>
internal static class RegistrarMetrics
{
    public const string MeterName = "ClickToDial.Registrar";

    private static readonly Meter Meter = new(MeterName);

    /// <summary>REGISTER requests that changed bindings.</summary>
    public static Counter<long> Registrations { get; } = Meter.CreateCounter<long>("registrar.registrations");

    public static Counter<long> WrongPasswords { get; } = Meter.CreateCounter<long>("registrar.wrong_passwords");

    /// <summary>Doors shut, by scope.</summary>
    public static Counter<long> Lockouts { get; } = Meter.CreateCounter<long>("registrar.lockouts");

    /// <summary>Requests refused because a door was shut.</summary>
    public static Counter<long> RefusedShut { get; } = Meter.CreateCounter<long>("registrar.refused_shut");
}
