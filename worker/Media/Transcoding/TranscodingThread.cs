using ClickToDial.Media.Linux;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Media.Transcoding;

/// <summary>
/// The one thread on which speech is transcoded, apart from the shards, as encoding a frame takes as long as relaying twenty packets.
/// It looks after its streams every few milliseconds, and sleeps while there are none.
/// </summary>
internal sealed class TranscodingThread : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(4);
    private readonly TranscodingLoop _loop;
    private readonly MediaClock _clock;
    private readonly AutoResetEvent _arrived = new(false);
    private readonly Thread _thread;
    private volatile bool _stopping;

    public TranscodingThread(MediaClock clock, ILogger logger)
    {
        _loop = new TranscodingLoop(logger);
        _clock = clock;
        _thread = new Thread(Run) { IsBackground = true, Name = "media-transcoding", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>For any shard.</summary>
    public void Add(TranscodedStream stream)
    {
        _loop.Add(stream);
        _arrived.Set();
    }

    /// <summary>Returns when the thread has ended and touches no shard any more.</summary>
    public void Dispose()
    {
        if (_stopping) return;
        _stopping = true;
        _arrived.Set();
        _thread.Join();
        _loop.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            if (_loop.Turn(_clock.Nanoseconds)) _arrived.WaitOne(Interval);
            else _arrived.WaitOne();
        }
    }
}
