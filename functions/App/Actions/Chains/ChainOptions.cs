using ClickToDial.App.Hosting;

namespace ClickToDial.App.Actions.Chains;

/// <summary>Bounds of chains.</summary>
public sealed class ChainOptions : ICheckedOptions
{
    public const string Section = "Chains";

    /// <summary>Longest wait for the agent's client at each step, in seconds: 5 to 86400. Default 600.</summary>
    public int WaitSeconds { get; set; } = 600;

    /// <summary>Most steps of one chain: 1 to 1000. Default 50.</summary>
    public int MaxSteps { get; set; } = 50;

    /// <summary>How long a press of a button waits for the first step, in seconds: 1 to 60. Default 10.</summary>
    public int AnswerSeconds { get; set; } = 10;

    /// <summary>Days that ended chains are kept: 1 to 3650. Default 30.</summary>
    public int KeepDays { get; set; } = 30;

    public IEnumerable<string> Faults()
    {
        if (WaitSeconds is < 5 or > 86400) yield return "WaitSeconds must be 5 to 86400";
        if (MaxSteps is < 1 or > 1000) yield return "MaxSteps must be 1 to 1000";
        if (AnswerSeconds is < 1 or > 60) yield return "AnswerSeconds must be 1 to 60";
        if (KeepDays is < 1 or > 3650) yield return "KeepDays must be 1 to 3650";
    }
}
