namespace ClickToDial.App.PbxApi;

/// <summary>The envelope of <c>call-to-number</c>, in which the message is an object.</summary>
public sealed record PbxCallReply(string Status, PbxCallMessage Message, int Code, PbxCallData Data);
