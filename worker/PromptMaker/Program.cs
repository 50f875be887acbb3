using System.ComponentModel;
using System.Diagnostics;
using ClickToDial.Media.Audio;
using ClickToDial.PromptMaker;

// Makes the .ulaw files that ClickToDial.Media embeds. Run from anywhere: dotnet run --project worker/PromptMaker -- FOLDER
const string Announcement = "Press one to connect your call.";

if (args is not [var folder])
{
    Console.Error.WriteLine("usage: PromptMaker FOLDER   (worker/Media/Prompts)");
    return 2;
}
Directory.CreateDirectory(folder);
Save("ringback", Octets(Tone.Ringback.Render()));
Save("busy", Octets(Tone.Busy.Render()));
Save("milliwatt", Milliwatt());
Save("hold", Octets(HoldMelody.Render()));
if (Speak(Announcement) is not { } speech)
{
    Console.Error.WriteLine("espeak-ng is needed for the announcement: apt-get install espeak-ng");
    return 1;
}
Save("press-1", Octets(SpeechShaper.ToTelephone(speech)));
return 0;

void Save(string name, byte[] octets)
{
    File.WriteAllBytes(Path.Combine(folder, $"{name}.ulaw"), octets);
    Console.WriteLine($"{name}.ulaw  {octets.Length} octets, {octets.Length / 8} ms");
}

static byte[] Octets(short[] samples) => [.. samples.Select(G711.EncodeMuLaw)];

// ITU-T G.711 table 6: the eight octets of the 1000 Hz reference tone, for one second.
static byte[] Milliwatt() => [.. Enumerable.Repeat<byte[]>([0x1E, 0x0B, 0x0B, 0x1E, 0x9E, 0x8B, 0x8B, 0x9E], 1000).SelectMany(octets => octets)];

static WavSound? Speak(string text)
{
    var start = new ProcessStartInfo("espeak-ng", ["-v", "en-us", "-s", "150", "--stdout", text])
    {
        RedirectStandardOutput = true,
        UseShellExecute = false,
    };
    try
    {
        using var process = Process.Start(start);
        if (process is null) return null;
        using var wav = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(wav);
        process.WaitForExit();
        return WavFile.TryRead(wav.ToArray());
    }
    catch (Win32Exception)
    {
        return null;
    }
}
