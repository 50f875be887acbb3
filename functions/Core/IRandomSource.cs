namespace ClickToDial.Core;

/// <summary>Unpredictable bytes. Injected, so that ids and nonces can be fixed in a test.</summary>
public interface IRandomSource
{
    void Fill(Span<byte> destination);
}
