using System.Text;

namespace ClickToDial.Fuzz;

/// <summary>Makes new inputs from known ones: flips, cuts, repeats, splices, words of the grammar, interesting octets.</summary>
public sealed class Mutator(Random random, IReadOnlyList<byte[]> corpus, IReadOnlyList<byte[]> words)
{
    private static readonly byte[] Octets = [0, 9, 10, 13, 32, 34, 37, 44, 58, 59, 60, 61, 62, 64, 92, 127, 128, 255];

    public byte[] Next()
    {
        var data = new List<byte>(corpus[random.Next(corpus.Count)]);
        for (var n = 1 << random.Next(6); n > 0; n--) Mutate(data);
        return [.. data];
    }

    public static IReadOnlyList<byte[]> Utf8(IEnumerable<string> texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    private void Mutate(List<byte> data)
    {
        var at = random.Next(data.Count + 1);
        switch (random.Next(8))
        {
            case 0 when at < data.Count:
                data[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < data.Count:
                data[at] = Octets[random.Next(Octets.Length)];
                break;
            case 2:
                data.Insert(at, Octets[random.Next(Octets.Length)]);
                break;
            case 3 when at < data.Count:
                data.RemoveRange(at, Math.Min(1 + random.Next(16), data.Count - at));
                break;
            case 4 when words.Count > 0:
                data.InsertRange(at, words[random.Next(words.Count)]);
                break;
            case 5 when at < data.Count && data.Count < 100_000:
                var copy = data.GetRange(at, Math.Min(1 + random.Next(64), data.Count - at));
                for (var n = random.Next(random.Next(20) == 0 ? 200 : 3); n >= 0; n--) data.InsertRange(at, copy);
                break;
            case 6:
                var other = corpus[random.Next(corpus.Count)];
                var from = random.Next(other.Length + 1);
                data.InsertRange(at, other.AsSpan(from, Math.Min(random.Next(64), other.Length - from)).ToArray());
                break;
            default:
                data.InsertRange(at, Encoding.ASCII.GetBytes(Numbers[random.Next(Numbers.Length)]));
                break;
        }
    }

    private static readonly string[] Numbers = ["0", "-1", "65535", "65536", "2147483647", "2147483648", "4294967296", "99999999999999999999"];
}
