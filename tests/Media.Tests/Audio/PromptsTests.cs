using ClickToDial.Media.Audio;

namespace ClickToDial.Media.Tests.Audio;

/// <summary>The committed sound files are what they claim to be.</summary>
public sealed class PromptsTests
{
    public static TheoryData<Prompt, Tone> TonePrompts => new() { { Prompts.Ringback, Tone.Ringback }, { Prompts.Busy, Tone.Busy } };

    [Theory, MemberData(nameof(TonePrompts))]
    public void Tone_file_is_the_rendered_plan(Prompt prompt, Tone plan) =>
        Assert.Equal(plan.Render().Select(G711.EncodeMuLaw), prompt.MuLaw.ToArray());

    [Fact]
    public void Ringback_sounds_one_second_in_five()
    {
        var samples = Samples(Prompts.Ringback);
        Assert.Equal(TimeSpan.FromSeconds(5), Prompts.Ringback.Duration);
        Assert.InRange(Goertzel.Share(samples.AsSpan(0, 8000), 425), 0.99, 1);
        Assert.InRange(Goertzel.Rms(samples.AsSpan(8000)), 0, 8);
    }

    [Fact]
    public void Milliwatt_is_1000_hertz_at_0_dBm0()
    {
        var samples = Samples(Prompts.Milliwatt);
        Assert.InRange(Goertzel.Share(samples, 1000), 0.99, 1);
        // The reference tone's level defines 0 dBm0; its peak as a sine is the plan's constant.
        Assert.InRange(20 * Math.Log10(Goertzel.Rms(samples) / Goertzel.Rms(Tone.Steady(1000, 0).Render())), -0.02, 0.02);
        Assert.Equal([0x1E, 0x0B, 0x0B, 0x1E, 0x9E, 0x8B, 0x8B, 0x9E], Prompts.Milliwatt.MuLaw[..8].ToArray());
    }

    [Fact]
    public void Announcement_is_speech_of_a_fair_level_in_whole_packets()
    {
        var samples = Samples(Prompts.PressOne);
        Assert.InRange(Prompts.PressOne.Duration, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));
        Assert.Equal(0, Prompts.PressOne.Length % 160);
        Assert.InRange(samples.Max(sample => Math.Abs((int)sample)), 15000, 25000);
        Assert.All([425.0, 1000.0], hertz => Assert.InRange(Goertzel.Share(samples, hertz), 0, 0.2)); // no tone
    }

    [Fact]
    public void Music_on_hold_is_of_an_even_level_without_gap_or_seam_and_no_tone()
    {
        var samples = Samples(Prompts.Hold);
        Assert.InRange(Prompts.Hold.Duration, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60));
        Assert.Equal(0, Prompts.Hold.Length % 160);
        var zeroDbm0 = Goertzel.Rms(Tone.Steady(1000, 0).Render());
        Assert.InRange(20 * Math.Log10(Goertzel.Rms(samples) / zeroDbm0), -22, -18);
        Assert.InRange(samples.Max(sample => Math.Abs((int)sample)), 4000, 16000);
        for (var at = 0; at + 1600 <= samples.Length; at += 1600) Assert.InRange(20 * Math.Log10(Goertzel.Rms(samples.AsSpan(at, 1600)) / zeroDbm0), -35, -10);
        for (var hertz = 200; hertz < 3400; hertz++) Assert.InRange(Goertzel.Share(samples, hertz), 0, 0.15);
        // A click would show as a step that no other two neighbours have.
        var steps = samples.Zip(samples.Skip(1), (one, next) => Math.Abs(next - one)).Max();
        Assert.InRange(Math.Abs(samples[0] - samples[^1]), 0, steps / 2);
    }

    [Fact]
    public void Past_its_end_a_loop_begins_again_and_a_single_playing_is_silent()
    {
        var prompt = Prompt.FromMuLaw("x", [1, 2, 3]);
        var packet = new byte[7];
        prompt.Fill(packet, 1, aLaw: false, loop: true);
        Assert.Equal([2, 3, 1, 2, 3, 1, 2], packet);
        prompt.Fill(packet, 1, aLaw: false, loop: false);
        Assert.Equal([2, 3, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], packet);
    }

    private static short[] Samples(Prompt prompt) => [.. prompt.MuLaw.ToArray().Select(G711.DecodeMuLaw)];
}
