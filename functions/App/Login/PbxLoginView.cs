namespace ClickToDial.App.Login;

/// <summary>Answer of <c>GET /rest/pbxlogin</c>, with the names that pages of other products know.</summary>
/// <param name="Session">A login token, to be posted to <c>/rest/system/session</c> within ten seconds.</param>
/// <param name="Server">Host of the WebSocket.</param>
public sealed record PbxLoginView(string Session, string Server, string User, string Domain);
