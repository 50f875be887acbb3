namespace ClickToDial.Calls.Legs;

/// <summary>The causes of the telephone network (ITU-T Q.850) beside SIP's statuses, after RFC 3398 sections 7.2.4.1 and 8.2.6.1.</summary>
internal static class Q850
{
    /// <summary>
    /// A final response, read together with the cause beside it. Gateways answer with 480, 500 or 503 what the network knows
    /// better; any other status already says what it means.
    /// </summary>
    public static int Refine(int status, int? cause) =>
        cause is { } given && status is 480 or (>= 500 and < 600) ? StatusOf(given) ?? status : status;

    /// <summary>True for a cause that speaks of the network's trouble and not of a person who hung up.</summary>
    public static bool IsTrouble(int? cause) => cause is 27 or 34 or 38 or 41 or 42 or 44 or 47 or 63 or 102 or 111 or 127;

    /// <summary>The cause for a status; null where there is none that says as much.</summary>
    public static int? CauseOf(int status) => status switch
    {
        200 or 487 => 16,
        404 or 604 => 1,
        486 or 600 => 17,
        480 => 19,
        603 or 403 => 21,
        410 => 22,
        484 => 28,
        408 => 102,
        415 or 488 or 606 => 88,
        500 or 503 => 41,
        _ => null,
    };

    private static int? StatusOf(int cause) => cause switch
    {
        1 or 2 or 3 => 404,
        17 => 486,
        18 or 19 or 20 => 480,
        21 or 55 or 57 or 87 => 403,
        22 => 410,
        28 => 484,
        58 or 65 or 70 or 79 or 88 => 488,
        27 or 34 or 38 or 41 or 42 or 44 or 47 or 63 or 102 or 111 or 127 => 503,
        _ => null,
    };
}
