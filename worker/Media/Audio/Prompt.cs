using System.Reflection;

namespace ClickToDial.Media.Audio;

/// <summary>Sound to be played to a leg, held once in both laws of G.711 and shared by every leg that plays it.</summary>
public sealed class Prompt
{
    private readonly byte[] _muLaw;
    private readonly byte[] _aLaw;

    private Prompt(string name, byte[] muLaw)
    {
        Name = name;
        _muLaw = muLaw;
        _aLaw = [.. muLaw];
        G711.MuLawToALaw(_aLaw);
    }

    /// <summary>For logs and events.</summary>
    public string Name { get; }

    /// <summary>Octets, which are samples at 8000 Hz.</summary>
    public int Length => _muLaw.Length;

    public TimeSpan Duration => TimeSpan.FromSeconds((double)Length / Tone.SampleRate);

    public ReadOnlySpan<byte> MuLaw => _muLaw;

    public ReadOnlySpan<byte> ALaw => _aLaw;

    public static Prompt FromMuLaw(string name, ReadOnlySpan<byte> octets) => new(name, octets.ToArray());

    public static Prompt FromTone(string name, Tone tone) => FromSamples(name, tone.Render());

    public static Prompt FromSamples(string name, ReadOnlySpan<short> samples)
    {
        var octets = new byte[samples.Length];
        for (var i = 0; i < octets.Length; i++) octets[i] = G711.EncodeMuLaw(samples[i]);
        return new Prompt(name, octets);
    }

    internal static Prompt FromResource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"ClickToDial.Media.Prompts.{name}.ulaw")
            ?? throw new InvalidOperationException($"The prompt {name} is not in the assembly.");
        var octets = new byte[stream.Length];
        stream.ReadExactly(octets);
        return new Prompt(name, octets);
    }

    /// <summary>Fills a packet's payload from <paramref name="position"/>; past the end of a loop it begins again, otherwise silence follows.</summary>
    internal void Fill(Span<byte> payload, int position, bool aLaw, bool loop)
    {
        var source = aLaw ? _aLaw : _muLaw;
        while (payload.Length > 0)
        {
            var count = Math.Min(payload.Length, source.Length - position);
            source.AsSpan(position, count).CopyTo(payload);
            payload = payload[count..];
            if (payload.Length == 0) return;
            if (!loop)
            {
                payload.Fill(aLaw ? (byte)0xD5 : G711.MuLawSilence);
                return;
            }
            position = 0;
        }
    }
}
