using System.Security.Cryptography;
using ClickToDial.Core;

namespace ClickToDial.App.Hosting;

/// <summary>The operating system's random numbers.</summary>
public sealed class CryptoRandom : IRandomSource
{
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
