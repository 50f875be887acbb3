namespace ClickToDial.Core.Links;

/// <summary>How a dial link proves who it is for.</summary>
public enum LinkForm
{
    /// <summary>Not at all: the browser asks for name and password (V1).</summary>
    Challenge,

    /// <summary>A hash of user, password, destination, time and duration; without the duration in older links (V2).</summary>
    Hash,

    /// <summary>Name and password themselves, in base64 or plainly (V3).</summary>
    Password,
}
