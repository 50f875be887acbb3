using System.Text;
using ClickToDial.Sip.Parsing;

namespace ClickToDial.Sip.Messages;

/// <summary>
/// The value of From, To, Contact, Route, Record-Route and their like: an optional display name, a URI, header parameters
/// (RFC 3261 section 20.10). Immutable.
/// </summary>
public sealed class NameAddress(SipUri uri, string? displayName = null, SipParameters? parameters = null)
{
    public SipUri Uri { get; } = uri;

    /// <summary>Without quotes and escapes; null when there is none.</summary>
    public string? DisplayName { get; } = displayName is null ? null : WireText.Require(displayName);

    public SipParameters Parameters { get; } = parameters ?? SipParameters.Empty;

    /// <summary>The <c>tag</c> parameter, or null.</summary>
    public string? Tag => Parameters.Get("tag");

    public NameAddress WithTag(string tag) => new(Uri, DisplayName, Parameters.With("tag", tag));

    public NameAddress WithoutTag() => new(Uri, DisplayName, Parameters.Without("tag"));

    public NameAddress WithParameter(string name, string? value) => new(Uri, DisplayName, Parameters.With(name, value));

    public static bool TryParse(ReadOnlySpan<byte> text, out NameAddress address) =>
        NameAddressParser.TryParse(text, out address);

    public static bool TryParse(string text, out NameAddress address)
    {
        ArgumentNullException.ThrowIfNull(text);
        return NameAddressParser.TryParse(Encoding.UTF8.GetBytes(text), out address);
    }

    /// <summary>Parses text known to be right; throws <see cref="FormatException"/> otherwise.</summary>
    public static NameAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException("Not a name and address.");

    // Always with angle brackets: then no URI parameter can be taken for a header parameter.
    public override string ToString()
    {
        var text = new StringBuilder(96);
        if (DisplayName is not null) text.Append(WireText.Quote(DisplayName)).Append(' ');
        text.Append('<');
        Uri.AppendTo(text);
        text.Append('>');
        Parameters.AppendTo(text);
        return text.ToString();
    }
}
