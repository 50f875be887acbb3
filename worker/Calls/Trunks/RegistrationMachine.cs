namespace ClickToDial.Calls.Trunks;

/// <summary>Where our registration at a trunk is.</summary>
public enum RegistrationPhase
{
    /// <summary>Nothing is under way: the time for the next attempt will come.</summary>
    Waiting,

    /// <summary>A REGISTER is out.</summary>
    Asking,

    /// <summary>The trunk calls us.</summary>
    Registered,

    /// <summary>A REGISTER that prolongs it is out; the trunk still calls us.</summary>
    Refreshing,

    /// <summary>The REGISTER that takes it back is out.</summary>
    Leaving,

    Left,
}

/// <summary>What may happen to it.</summary>
public enum RegistrationInput
{
    /// <summary>The time has come.</summary>
    Due,
    Accepted,

    /// <summary>423: a longer time has to be asked for.</summary>
    TooBrief,

    /// <summary>Silence, or any other refusal.</summary>
    Failed,

    /// <summary>Failed, and there is no other server to ask at once.</summary>
    FailedEverywhere,

    /// <summary>What was granted is over.</summary>
    Expired,

    /// <summary>We are about to go.</summary>
    Leave,
}

/// <summary>What there is to do.</summary>
public enum RegistrationAction
{
    None,
    Register,

    /// <summary>Try the next server now.</summary>
    RegisterElsewhere,

    /// <summary>Come again before it runs out.</summary>
    ArmRefresh,

    /// <summary>Come again after a wait that grows.</summary>
    BackOff,
    Unregister,
}

/// <summary>The course of a registration as a pure function (RFC 3261 section 10.2).</summary>
public static class RegistrationMachine
{
    public static (RegistrationPhase Next, RegistrationAction Do) Step(RegistrationPhase phase, RegistrationInput input) => (phase, input) switch
    {
        (RegistrationPhase.Waiting, RegistrationInput.Due) => (RegistrationPhase.Asking, RegistrationAction.Register),
        (RegistrationPhase.Registered, RegistrationInput.Due) => (RegistrationPhase.Refreshing, RegistrationAction.Register),

        (RegistrationPhase.Asking or RegistrationPhase.Refreshing, RegistrationInput.Accepted) => (RegistrationPhase.Registered, RegistrationAction.ArmRefresh),
        (RegistrationPhase.Asking or RegistrationPhase.Refreshing, RegistrationInput.TooBrief) => (phase, RegistrationAction.Register),
        (RegistrationPhase.Asking or RegistrationPhase.Refreshing, RegistrationInput.Failed) => (phase, RegistrationAction.RegisterElsewhere),
        (RegistrationPhase.Asking, RegistrationInput.FailedEverywhere) => (RegistrationPhase.Waiting, RegistrationAction.BackOff),
        (RegistrationPhase.Refreshing, RegistrationInput.FailedEverywhere) => (RegistrationPhase.Registered, RegistrationAction.BackOff),

        (RegistrationPhase.Registered, RegistrationInput.Expired) => (RegistrationPhase.Waiting, RegistrationAction.None),
        (RegistrationPhase.Refreshing, RegistrationInput.Expired) => (RegistrationPhase.Asking, RegistrationAction.None),

        (RegistrationPhase.Waiting, RegistrationInput.Leave) => (RegistrationPhase.Left, RegistrationAction.None),
        // What is out may have been accepted without our knowing it.
        (RegistrationPhase.Asking or RegistrationPhase.Registered or RegistrationPhase.Refreshing, RegistrationInput.Leave) =>
            (RegistrationPhase.Leaving, RegistrationAction.Unregister),
        (RegistrationPhase.Leaving, RegistrationInput.Accepted or RegistrationInput.TooBrief or RegistrationInput.Failed or RegistrationInput.FailedEverywhere) =>
            (RegistrationPhase.Left, RegistrationAction.None),
        _ => (phase, RegistrationAction.None),
    };
}
