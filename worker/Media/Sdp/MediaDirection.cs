namespace ClickToDial.Media.Sdp;

/// <summary>RFC 3264 section 5.1, seen by whoever wrote the description. Bit 0: sends; bit 1: receives.</summary>
[Flags]
public enum MediaDirection
{
    Inactive = 0,
    SendOnly = 1,
    RecvOnly = 2,
    SendRecv = SendOnly | RecvOnly,
}

public static class MediaDirections
{
    /// <summary>The same flow seen from the other end.</summary>
    public static MediaDirection Reversed(this MediaDirection direction) => direction switch
    {
        MediaDirection.SendOnly => MediaDirection.RecvOnly,
        MediaDirection.RecvOnly => MediaDirection.SendOnly,
        _ => direction,
    };

    public static string ToAttribute(this MediaDirection direction) => direction switch
    {
        MediaDirection.SendOnly => "sendonly",
        MediaDirection.RecvOnly => "recvonly",
        MediaDirection.Inactive => "inactive",
        _ => "sendrecv",
    };

    internal static MediaDirection? From(IReadOnlyList<SdpAttributeLine> attributes)
    {
        foreach (var attribute in attributes)
        {
            if (attribute.Value is null && TryParse(attribute.Name) is { } direction) return direction;
        }
        return null;
    }

    private static MediaDirection? TryParse(string name) => name switch
    {
        "sendrecv" => MediaDirection.SendRecv,
        "sendonly" => MediaDirection.SendOnly,
        "recvonly" => MediaDirection.RecvOnly,
        "inactive" => MediaDirection.Inactive,
        _ => null,
    };
}
