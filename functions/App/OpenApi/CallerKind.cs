namespace ClickToDial.App.OpenApi;

/// <summary>How a caller of an operation is known.</summary>
public enum CallerKind
{
    Anyone,
    /// <summary>An API key in <c>X-Api-Key</c>.</summary>
    Key,
    /// <summary>An API key, or a session token.</summary>
    KeyOrToken,
    /// <summary>An API key in the header <c>token</c>.</summary>
    PbxKey,
    /// <summary>A secret in <c>X-Pbx-Token</c>.</summary>
    PbxToken,
}
