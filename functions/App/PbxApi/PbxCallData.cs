namespace ClickToDial.App.PbxApi;

/// <summary>The call that was begun. Clients of it read different members, so it has those of all.</summary>
public sealed record PbxCallData(
    string UniqueCallId,
    string CallId,
    string UserName,
    string UserNumber,
    string? CallerId,
    string DestNumber,
    string User,
    string NumberToCall,
    string Status);
