namespace ClickToDial.EmbeddedHost.Functions;

/// <summary>The function key that the real host asks for. This host has no keys and enforces none (see README).</summary>
public enum AuthorizationLevel
{
    Anonymous = 0,
    User = 1,
    Function = 2,
    System = 3,
    Admin = 4,
}
