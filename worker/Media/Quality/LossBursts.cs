namespace ClickToDial.Media.Quality;

/// <summary>
/// How loss is spread over a stream, from its sequence numbers as they come. A mutable struct for the packet path. A packet
/// that comes after one with a higher number counts as lost: a phone has played past it by then, or is about to.
/// </summary>
public struct LossBursts
{
    // A jump further than this is a sender that began anew, not loss.
    private const int MaxGap = 3000;

    private bool _started;
    private ushort _sequence;
    private long _received;
    private long _lost;
    private long _bursts;

    public readonly double LossFraction => _received == 0 ? 0 : (double)_lost / (_lost + _received);

    /// <summary>
    /// The mean length of a run of lost packets over the mean that loss at random would have, 1 / (1 - loss) (ITU-T G.107
    /// section 7.5); 1 without loss, never below 1.
    /// </summary>
    public readonly double BurstRatio => _bursts == 0 ? 1 : Math.Max(1, (double)_lost / _bursts * (1 - LossFraction));

    public void Update(ushort sequence)
    {
        var step = (short)(sequence - _sequence);
        if (_started && step <= 0 && step > -MaxGap) return;
        if (_started && step is > 1 and < MaxGap)
        {
            _lost += step - 1;
            _bursts++;
        }
        _started = true;
        _sequence = sequence;
        _received++;
    }
}
