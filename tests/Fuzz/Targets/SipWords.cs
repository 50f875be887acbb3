namespace ClickToDial.Fuzz.Targets;

internal static class SipWords
{
    public static readonly string[] All =
    [
        "\r\n", "\r\n\r\n", "\r\n ", "\n", "\r", "SIP/2.0", "SIP/2.0/UDP ", "INVITE ", "ACK ", "sip:", "sips:", "tel:+1", "<", ">", "\"", "\\\"", "\\", ";", ";lr",
        ";tag=", ";branch=z9hG4bK", ";rport", ";received=", "Via: ", "v: ", "From: ", "To: ", "Call-ID: ", "CSeq: ", "Content-Length: ", "l:0", "Contact: *",
        "Contact: ", "Max-Forwards: ", "Route: ", "Record-Route: ", "[::1]", "[", "]", "%00", "%", "%4", "?a=b", "@", ",", "=", "*", "\t", "\0", "\u00e4", "Digest ",
        "nonce=\"\"", "qop=auth", "nc=00000001", "algorithm=SHA-256", "Require: 100rel", "Expires: ",
        "Session-Expires: ", "x: ", ";refresher=uac", "Min-SE: ", "RSeq: ", "RAck: 1 1 INVITE", "Reason: ", "Q.850;cause=16", ";cause=", ";text=\"",
    ];

    public const string Request =
        "INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport, SIP/2.0/TCP [2001:db8::1]\r\nMax-Forwards: 70\r\n"
        + "From: \"A \\\"q\\\"\" <sip:alice@example.com;x=y>;tag=1\r\nTo: <sip:bob@example.com>\r\nCall-ID: a@b\r\nCSeq: 1 INVITE\r\nContact: <sip:alice@192.0.2.1>\r\n"
        + "Record-Route: <sip:p.example.com;lr>\r\nSubject: folded\r\n line\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";

    public const string InDialog =
        "PRACK sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK2\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: a@b\r\n"
        + "CSeq: 2 PRACK\r\nRAck: 776656 1 INVITE\r\nRSeq: 1\r\nSession-Expires: 1800;refresher=uas\r\nMin-SE: 90\r\n"
        + "Reason: SIP;cause=200;text=\"a, b\", Q.850;cause=16\r\nContent-Length: 0\r\n\r\n";

    public const string Response =
        "SIP/2.0 200 OK\r\nv: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1;received=192.0.2.7;rport=5061\r\nf: <sip:a@b>;tag=1\r\nt: <sip:c@d>;tag=2\r\ni: x\r\n"
        + "CSeq: 2 OPTIONS\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\nl: 0\r\n\r\n";
}
