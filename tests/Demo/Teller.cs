namespace ClickToDial.Demo;

/// <summary>What a person sees: each step with the seconds since the start.</summary>
internal sealed class Teller(TextWriter output, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public void Step(string text) => output.WriteLine($"{time.GetElapsedTime(_start).TotalSeconds,6:F1} s  {text}");

    public void Title(string text) => output.WriteLine($"{Environment.NewLine}{text}");

    public void Line(string text) => output.WriteLine($"  {text}");
}
