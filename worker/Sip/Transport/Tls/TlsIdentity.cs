using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Sip.Transport.Tls;

/// <summary>
/// The certificate and key in use. When their files change, the next handshake gets the new ones; a pair that cannot be read
/// (or is only half written yet) is logged and the old one stays. Thread-safe.
/// </summary>
public sealed class TlsIdentity
{
    private readonly TlsSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private (DateTime, DateTime) _stamp;
    private long _checkedAt;
    private int _checking;
    private volatile SslStreamCertificateContext _current;

    /// <summary>Throws <see cref="IOException"/> or <see cref="CryptographicException"/> when there is nothing usable to begin with.</summary>
    public TlsIdentity(TlsSettings settings, TimeProvider time, ILogger logger)
    {
        _settings = settings;
        _time = time;
        _logger = logger;
        _checkedAt = time.GetTimestamp();
        _stamp = Stamp();
        _current = Load();
    }

    /// <summary>What is wrong with the files, for the person who named them; null when a start would succeed.</summary>
    public static string? FaultOf(TlsSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        try
        {
            foreach (var file in new[] { settings.CertificateFile, settings.KeyFile, settings.TrustedRootsFile })
                if (file is not null) File.OpenRead(file).Dispose();
            using var own = X509Certificate2.CreateFromPemFile(settings.CertificateFile, settings.KeyFile);
            if (settings.TrustedRootsFile is null) return null;
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(settings.TrustedRootsFile);
            return roots.Count > 0 ? null : $"{settings.TrustedRootsFile} holds no certificate";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"a file cannot be read: {e.Message}";
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return $"{settings.CertificateFile} and {settings.KeyFile} are no pair of certificate and key in PEM";
        }
    }

    /// <summary>For a handshake that begins now.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            if (_time.GetElapsedTime(Volatile.Read(ref _checkedAt)) < _settings.CheckEvery) return _current;
            if (Interlocked.Exchange(ref _checking, 1) != 0) return _current;
            Refresh();
            Volatile.Write(ref _checkedAt, _time.GetTimestamp());
            Volatile.Write(ref _checking, 0);
            return _current;
        }
    }

    private void Refresh()
    {
        try
        {
            var stamp = Stamp();
            if (stamp == _stamp) return;
            _current = Load(); // The old one is left to handshakes that hold it.
            _stamp = stamp;
            SipLog.CertificateLoaded(_logger, _current.TargetCertificate.NotAfter.ToUniversalTime());
        }
        catch (Exception e) when (e is IOException or CryptographicException or UnauthorizedAccessException)
        {
            SipLog.CertificateNotLoaded(_logger, e.GetType().Name);
        }
    }

    private (DateTime, DateTime) Stamp() =>
        (File.GetLastWriteTimeUtc(_settings.CertificateFile), File.GetLastWriteTimeUtc(_settings.KeyFile));

    private SslStreamCertificateContext Load()
    {
        var own = X509Certificate2.CreateFromPemFile(_settings.CertificateFile, _settings.KeyFile);
        var issuers = new X509Certificate2Collection();
        issuers.ImportFromPemFile(_settings.CertificateFile);
        issuers.RemoveAt(0);
        return SslStreamCertificateContext.Create(own, issuers, offline: true);
    }
}
