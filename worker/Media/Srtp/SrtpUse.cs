namespace ClickToDial.Media.Srtp;

/// <summary>Whether one peer's media is protected.</summary>
public enum SrtpUse
{
    /// <summary>Plain RTP only; keys that are offered are not taken.</summary>
    None,

    /// <summary>Protected when the peer wants it too: we offer RTP/AVP with keys beside it (RFC 8643), and take keys that are offered.</summary>
    Optional,

    /// <summary>Protected or not at all: RTP/SAVP (RFC 4568 section 7).</summary>
    Required,

    /// <summary>A browser: protected always, with keys that DTLS settles beside the media (RFC 5764). No setting; it goes with the device.</summary>
    Browser,
}
