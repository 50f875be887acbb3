namespace ClickToDial.App.Web;

/// <summary>A file for browsers, as it is sent.</summary>
/// <param name="Tag">Strong entity tag, with its quotes.</param>
/// <param name="Compressed">The same by gzip; null where that saves nothing.</param>
/// <param name="IsNamedByContent">Its name changes with its content, so that it may be kept for good.</param>
public sealed record WebFile(string ContentType, string Tag, byte[] Plain, byte[]? Compressed, bool IsNamedByContent);
