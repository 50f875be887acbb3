namespace ClickToDial.App.PbxApi;

public sealed record PbxCallMessage(string Status);
