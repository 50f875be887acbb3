using System.Net;
using System.Net.Sockets;
using ClickToDial.Sip.Messages;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Sip.Transport;

/// <summary>Every log line of the SIP stack. Nothing that came in a message is written but its method, status and size.</summary>
internal static partial class SipLog
{
    [LoggerMessage(3001, LogLevel.Debug, "A datagram of {Bytes} bytes was not sent: {Error}")]
    public static partial void DatagramNotSent(ILogger logger, int bytes, SocketError error);

    [LoggerMessage(3002, LogLevel.Debug, "Receiving on {Local} failed once: {Error}")]
    public static partial void ReceiveFailed(ILogger logger, IPEndPoint local, SocketError error);

    [LoggerMessage(3003, LogLevel.Warning, "A message on {Local} was dropped: too many wait already ({Suppressed} more were since the last such line)")]
    public static partial void Overloaded(ILogger logger, IPEndPoint local, int suppressed);

    [LoggerMessage(3004, LogLevel.Warning, "A connection to {Local} was refused: {Limit} are open ({Suppressed} more were since the last such line)")]
    public static partial void ConnectionRefused(ILogger logger, IPEndPoint local, int limit, int suppressed);

    [LoggerMessage(3005, LogLevel.Debug, "Connection {Flow} ended: {Error}")]
    public static partial void ConnectionEnded(ILogger logger, SipFlow flow, SocketError error);

    [LoggerMessage(3006, LogLevel.Debug, "Connection {Flow} closed")]
    public static partial void ConnectionClosed(ILogger logger, SipFlow flow);

    [LoggerMessage(3007, LogLevel.Information, "Connection {Flow} brought a stream that cannot be read on and is closed")]
    public static partial void StreamBroken(ILogger logger, SipFlow flow);

    [LoggerMessage(3008, LogLevel.Information, "The TLS handshake on {Flow} failed: {Error}")]
    public static partial void HandshakeFailed(ILogger logger, SipFlow flow, string error);

    [LoggerMessage(3018, LogLevel.Debug, "The TLS handshake of a peer on {Flow} failed: {Error}")]
    public static partial void PeerHandshakeFailed(ILogger logger, SipFlow flow, string error);

    [LoggerMessage(3009, LogLevel.Information, "A new certificate is in use; it is valid until {NotAfter:O}")]
    public static partial void CertificateLoaded(ILogger logger, DateTime notAfter);

    [LoggerMessage(3017, LogLevel.Error, "The changed certificate cannot be used, the old one stays: {Error}")]
    public static partial void CertificateNotLoaded(ILogger logger, string error);

    [LoggerMessage(3010, LogLevel.Error, "Handling a {What} failed; the stack goes on")]
    public static partial void StepFailed(ILogger logger, string what, Exception error);

    [LoggerMessage(3011, LogLevel.Information, "A {Method} from {Flow} was refused with {Status}: {Defect} ({Suppressed} more were since the last such line)")]
    public static partial void Refused(ILogger logger, SipMethod method, SipFlow flow, int status, MessageDefect defect, int suppressed);

    [LoggerMessage(3012, LogLevel.Information, "SIP listens on {Transport} {Local}")]
    public static partial void Listening(ILogger logger, SipTransportKind transport, IPEndPoint local);

    [LoggerMessage(3019, LogLevel.Warning,
        "The receive buffer of {Local} has {Granted} bytes, as net.core.rmem_max allows no more, and not {Wanted}: a burst beyond that is lost")]
    public static partial void SmallReceiveBuffer(ILogger logger, IPEndPoint local, int granted, int wanted);

    [LoggerMessage(3013, LogLevel.Debug, "A {Status} response from {Flow} matches no transaction")]
    public static partial void StrayResponse(ILogger logger, int status, SipFlow flow);

    [LoggerMessage(3014, LogLevel.Information, "A success for a call that is over came from {Flow}: acknowledged and ended")]
    public static partial void LateSuccess(ILogger logger, SipFlow flow);

    [LoggerMessage(3015, LogLevel.Warning, "A {Method} from {Flow} was refused: {Open} requests are open ({Suppressed} more were since the last such line)")]
    public static partial void TooManyRequests(ILogger logger, SipMethod method, SipFlow flow, int open, int suppressed);

    [LoggerMessage(3016, LogLevel.Warning, "Accepting on {Local} failed and is tried again in a moment: {Error} ({Suppressed} more were since the last such line)")]
    public static partial void AcceptFailed(ILogger logger, IPEndPoint local, SocketError error, int suppressed);
}
