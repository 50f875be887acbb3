using System.Collections.Concurrent;
using ClickToDial.Media.Codecs;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Plane;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Media.Transcoding;

/// <summary>The streams that are being transcoded, one after the other each time round. Only <see cref="Add"/> may be called by other threads.</summary>
internal sealed class TranscodingLoop(ILogger logger) : IDisposable
{
    private readonly ConcurrentQueue<TranscodedStream> _arrivals = new();
    private readonly List<TranscodedStream> _streams = [];
    private readonly byte[] _packet = new byte[PacketBuffers.Size];
    private readonly byte[] _frame = new byte[SpeechCodecs.MaxFrameOctets];

    public void Add(TranscodedStream stream) => _arrivals.Enqueue(stream);

    /// <summary>Does what there is to do; false when there is no stream left.</summary>
    public bool Turn(long now)
    {
        while (_arrivals.TryDequeue(out var stream)) _streams.Add(stream);
        for (var i = _streams.Count - 1; i >= 0; i--)
        {
            var stream = _streams[i];
            if (!stream.IsRetired && TryWork(stream, now)) continue;
            stream.Dispose();
            _streams.RemoveAt(i);
        }
        return _streams.Count > 0;
    }

    public void Dispose()
    {
        foreach (var stream in _streams) stream.Dispose();
        _streams.Clear();
    }

    // The edge at which a defect in one stream is caught: that one falls silent, the others go on.
    private bool TryWork(TranscodedStream stream, long now)
    {
        try
        {
            stream.Work(now, _packet, _frame);
            return true;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            MediaLog.TranscodingFailed(logger, stream.From, stream.To, fault);
            return false;
        }
    }
}
