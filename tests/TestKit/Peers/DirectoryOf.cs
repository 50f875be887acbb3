using System.Security.Cryptography;
using System.Text;
using ClickToDial.Contracts.Directory;

namespace ClickToDial.TestKit.Peers;

/// <summary>Short ways to write a directory in a test.</summary>
public static class DirectoryOf
{
    public static DomainEntry Domain(string name, params UserEntry[] users) => new(name, users);

    public static UserEntry User(string name, string? callerId, params DeviceEntry[] devices) => new(name, null, callerId, devices);

    /// <summary>A device with the digest hashes of its password (RFC 7616 section 3.4.2).</summary>
    public static DeviceEntry Device(string userName, string realm, string password)
    {
        var text = Encoding.UTF8.GetBytes($"{userName}:{realm}:{password}");
#pragma warning disable CA5351 // SIP digest still means MD5 for most phones (RFC 3261 section 22.4).
        return new DeviceEntry(userName, Convert.ToHexStringLower(MD5.HashData(text)), Convert.ToHexStringLower(SHA256.HashData(text)));
#pragma warning restore CA5351
    }
}
