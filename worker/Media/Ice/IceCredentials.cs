using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ClickToDial.Media.Ice;

/// <summary>
/// Our ufrag and password for one ICE session (RFC 8445 section 5.3): 48 and 144 bits nobody can guess. All browser legs share one
/// port, so the ufrag is also what tells them apart; it has 8 characters and reads as a number.
/// </summary>
public sealed class IceCredentials
{
    /// <summary>Characters, and octets, of a ufrag of ours.</summary>
    public const int FragmentLength = 8;

    private const int PasswordLength = 24;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"; // ice-char, RFC 8839 section 5.4

    private readonly byte[] _key;

    private IceCredentials(string fragment, string password)
    {
        Fragment = fragment;
        Password = password;
        _key = Encoding.ASCII.GetBytes(password);
        Id = BinaryPrimitives.ReadUInt64BigEndian(Encoding.ASCII.GetBytes(fragment));
    }

    /// <summary>a=ice-ufrag.</summary>
    public string Fragment { get; }

    /// <summary>a=ice-pwd. Not logged: it proves who checks.</summary>
    public string Password { get; }

    /// <summary>The fragment as a number, to find its owner by.</summary>
    internal ulong Id { get; }

    /// <summary>What MESSAGE-INTEGRITY of requests to us is made with (RFC 8445 section 7.1.1).</summary>
    internal ReadOnlySpan<byte> Key => _key;

    public static IceCredentials Create() =>
        new(RandomNumberGenerator.GetString(Alphabet, FragmentLength), RandomNumberGenerator.GetString(Alphabet, PasswordLength));

    /// <summary>The number of the fragment that a request is for: the part of USERNAME before the colon. 0 when it is none of ours.</summary>
    internal static ulong IdOf(ReadOnlySpan<byte> userName) =>
        userName.Length > FragmentLength && userName[FragmentLength] == (byte)':' ? BinaryPrimitives.ReadUInt64BigEndian(userName) : 0;

    public override string ToString() => Fragment;
}
