using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClickToDial.Sip.Transport.Tls;

/// <summary>
/// Whom a certificate speaks for (RFC 5922 section 7): the hosts of its <c>sip:</c> URIs; without any its DNS names; without
/// a subject alternative name its common name. Names compare whole and without case; a wildcard matches nothing (section 7.2).
/// A peer that is named by its address is matched by the address in the certificate.
/// </summary>
internal static class SipDomain
{
    private const string SubjectAlternativeName = "2.5.29.17";

    private static readonly Asn1Tag DnsTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag AddressTag = new(TagClass.ContextSpecific, 7);

    public static bool Matches(X509Certificate2 certificate, string host)
    {
        try
        {
            if (certificate.Extensions[SubjectAlternativeName] is not { } extension)
                return Same(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false), host);
            var (uris, names, addresses) = Read(extension.RawData);
            if (IPAddress.TryParse(host.AsSpan().Trim("[]"), out var address)) return addresses.Contains(address);
            return (uris.Count > 0 ? uris : names).Exists(name => Same(name, host));
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    private static bool Same(string name, string host) => string.Equals(name, host.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);

    private static (List<string> Uris, List<string> Names, List<IPAddress> Addresses) Read(ReadOnlyMemory<byte> extension)
    {
        List<string> uris = [], names = [];
        List<IPAddress> addresses = [];
        var all = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
        while (all.HasData)
        {
            var tag = all.PeekTag();
            if (tag == DnsTag) names.Add(all.ReadCharacterString(UniversalTagNumber.IA5String, DnsTag));
            else if (tag == UriTag) AddHost(uris, all.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
            else if (tag == AddressTag) addresses.Add(new IPAddress(all.ReadOctetString(AddressTag)));
            else all.ReadEncodedValue();
        }
        return (uris, names, addresses);
    }

    // Only a sip: URI without a user names a domain (section 7.1); sips: and others are not identities here.
    private static void AddHost(List<string> uris, string text)
    {
        if (Messages.SipUri.TryParse(text, out var uri) && uri is { Scheme: "sip", User: null }) uris.Add(uri.Host);
    }
}
