namespace ClickToDial.App.PbxApi;

/// <summary>The documented envelope of the lists.</summary>
/// <param name="Status"><c>success</c> or <c>error</c>.</param>
/// <param name="Message">For people; says in which time zone the days were taken.</param>
/// <param name="Code">The HTTP status.</param>
public sealed record PbxRowsReply<T>(string Status, string Message, int Code, IReadOnlyList<T> Data);
