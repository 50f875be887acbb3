using ClickToDial.Media.Srtp;

namespace ClickToDial.Media.Plane;

/// <summary>What a negotiation changes in a leg's SRTP: sessions opened anew; null where the old one goes on.</summary>
internal readonly record struct ProtectionChange(bool IsProtected, SrtpSession? Sender, SrtpSession? Receiver);

/// <summary>
/// Opens a leg's sessions from its keys, where the leg is negotiated. A direction whose key is the same keeps its session, and with
/// it rollover counter and replay window.
/// </summary>
internal sealed class ProtectionKeys : IDisposable
{
    private SdesCrypto? _local;
    private SdesCrypto? _remote;

    /// <param name="keys">What holds from now on; null for plain RTP. Its keys are copied.</param>
    /// <exception cref="DllNotFoundException">libsrtp2 is missing.</exception>
    public ProtectionChange Next(SdesAgreement? keys)
    {
        if (keys is null)
        {
            Dispose();
            return default;
        }
        SrtpSession? sender = null, receiver = null;
        if (_local?.IsSame(keys.Local) != true)
        {
            sender = keys.OpenSender();
            Keep(ref _local, keys.Local);
        }
        if (_remote?.IsSame(keys.Remote) != true)
        {
            receiver = keys.OpenReceiver();
            Keep(ref _remote, keys.Remote);
        }
        return new ProtectionChange(true, sender, receiver);
    }

    public void Dispose()
    {
        _local?.Dispose();
        _remote?.Dispose();
        _local = _remote = null;
    }

    private static void Keep(ref SdesCrypto? slot, SdesCrypto line)
    {
        slot?.Dispose();
        slot = line.Copy();
    }
}
