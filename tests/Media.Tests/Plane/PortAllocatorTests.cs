using ClickToDial.Media.Plane;
using ClickToDial.TestKit.Time;

namespace ClickToDial.Media.Tests.Plane;

public sealed class PortAllocatorTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Range_gives_each_even_port_once()
    {
        var ports = Create(20001, 20008);
        Assert.Equal(3, ports.Capacity); // 20002, 20004, 20006; 20008 has no neighbour
        Assert.Equal([20002, 20004, 20006], new[] { ports.Rent(), ports.Rent(), ports.Rent() }.Order());
        Assert.Null(ports.Rent());
    }

    [Fact]
    public void Released_port_rests_a_second_even_when_there_is_no_other()
    {
        var ports = Create(20000, 20001);
        var port = ports.Rent()!.Value;
        ports.Return(port);

        _time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.Null(ports.Rent());
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(port, ports.Rent());
        Assert.Equal(1, ports.ShortRests);
    }

    [Theory]
    [InlineData(80, 30, 0)] // calls a second that are over at once, the least rest of their ports in seconds, whether any was short
    [InlineData(250, 9.9, 1)]
    [InlineData(2400, 1, 1)]
    public void Ports_rest_as_long_as_their_number_allows(int callsPerSecond, double leastRest, int anyShort)
    {
        var ports = Create(20000, 29999);
        var returned = new Dictionary<int, long>();
        var rests = new List<TimeSpan>();
        for (var i = 0; i < callsPerSecond * 65; i++)
        {
            int[] pair = [ports.Rent()!.Value, ports.Rent()!.Value];
            foreach (var port in pair)
            {
                if (returned.TryGetValue(port, out var at)) rests.Add(_time.GetElapsedTime(at));
                returned[port] = _time.GetTimestamp();
                ports.Return(port);
            }
            _time.Advance(TimeSpan.FromSeconds(1.0 / callsPerSecond));
        }
        Assert.True(rests.Min() >= TimeSpan.FromSeconds(leastRest), $"{rests.Min()}");
        Assert.Equal(anyShort, Math.Sign(ports.ShortRests));
    }

    [Fact]
    public void Rest_that_is_shorter_than_a_second_by_choice_is_kept()
    {
        var ports = new PortAllocator(20000, 20001, TimeSpan.Zero, _time, new Random(1));
        var port = ports.Rent()!.Value;
        ports.Return(port);
        Assert.Equal(port, ports.Rent());
        Assert.Equal(0, ports.ShortRests);
    }

    [Fact]
    public void Unused_ports_go_before_rested_ones_and_the_longest_rested_first()
    {
        var ports = Create(20000, 20005);
        int first = ports.Rent()!.Value, second = ports.Rent()!.Value;
        ports.Return(second);
        _time.Advance(TimeSpan.FromSeconds(1));
        ports.Return(first);
        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.DoesNotContain(ports.Rent()!.Value, new[] { first, second });
        Assert.Equal(second, ports.Rent());
        Assert.Equal(first, ports.Rent());
    }

    [Fact]
    public void Order_depends_on_the_random_source()
    {
        var one = Create(20000, 29999, seed: 1);
        var other = Create(20000, 29999, seed: 2);
        Assert.NotEqual(Enumerable.Range(0, 10).Select(_ => one.Rent()), Enumerable.Range(0, 10).Select(_ => other.Rent()));
    }

    private PortAllocator Create(int first, int last, int seed = 1) => new(first, last, TimeSpan.FromSeconds(30), _time, new Random(seed));
}
