namespace ClickToDial.App.OpenApi;

/// <summary>A body as it is described. It is read member by member, not into this.</summary>
/// <param name="FetchHosts">Hosts that <c>http.fetch</c> may reach: <c>api.example.com</c>, <c>*.example.com</c>, <c>api.example.com:8443</c>; none by default.</param>
/// <param name="Eval">Hand text under <c>__.eval</c> on to the web phone; false by default.</param>
public sealed record ScriptSettingsBody(string[]? FetchHosts, bool? Eval);
