using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClickToDial.Sip.Transport.Tls;

namespace ClickToDial.TestKit.Tls;

/// <summary>A certificate authority in a folder of its own, for the time of one test.</summary>
public sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddHours(-1);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;
    private int _writes;

    public TestAuthority()
    {
        Folder = Directory.CreateTempSubdirectory("sip-tls-").FullName;
        var request = new CertificateRequest("CN=Test Root", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = request.CreateSelfSigned(From, From.AddDays(2));
        File.WriteAllText(RootFile, _root.ExportCertificatePem());
    }

    public string Folder { get; }

    public string RootFile => Path.Combine(Folder, "root.pem");

    /// <summary>Settings with a fresh certificate for these names; names that look like URIs go in as URIs.</summary>
    public TlsSettings Issue(string file, params string[] names)
    {
        var settings = new TlsSettings(Path.Combine(Folder, file + ".pem"), Path.Combine(Folder, file + ".key")) { TrustedRootsFile = RootFile };
        Write(settings, names);
        return settings;
    }

    /// <summary>Writes a new certificate and key into the files; gives its serial number.</summary>
    public string Write(TlsSettings settings, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Create(key, names);
        File.WriteAllText(settings.CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(settings.KeyFile, key.ExportPkcs8PrivateKeyPem());
        Touch(settings);
        return certificate.SerialNumber;
    }

    /// <summary>Each write gets a time of its own, however coarse the clock of the file system is.</summary>
    public void Touch(TlsSettings settings)
    {
        var at = From.UtcDateTime.AddSeconds(++_writes);
        File.SetLastWriteTimeUtc(settings.CertificateFile, at);
        File.SetLastWriteTimeUtc(settings.KeyFile, at);
    }

    public X509Certificate2 Create(ECDsa key, params string[] names)
    {
        var request = new CertificateRequest("CN=common.example", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address)) alternatives.AddIpAddress(address);
            else if (name.Contains(':', StringComparison.Ordinal)) alternatives.AddUri(new Uri(name));
            else alternatives.AddDnsName(name);
        }
        if (names.Length > 0) request.CertificateExtensions.Add(alternatives.Build());
        return request.Create(_root, From, From.AddDays(1), RandomNumberGenerator.GetBytes(8));
    }

    public void Dispose()
    {
        _root.Dispose();
        _key.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
