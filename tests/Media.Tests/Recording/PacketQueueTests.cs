using ClickToDial.Media.Recording;

namespace ClickToDial.Media.Tests.Recording;

public sealed class PacketQueueTests
{
    [Fact]
    public void Packets_come_out_as_they_went_in_across_the_seam()
    {
        var queue = new PacketQueue(1024);
        var random = new Random(6);
        var buffer = new byte[1500];
        for (var i = 0; i < 5000; i++)
        {
            var payload = new byte[random.Next(0, 300)];
            random.NextBytes(payload);
            Assert.True(queue.TryWrite(new QueuedPacket(i, 7, (uint)(i * 160), 2, 0), payload));
            Assert.True(queue.TryPeek(out var arrival));
            Assert.Equal(i, arrival);
            Assert.True(queue.TryRead(out var packet, buffer));
            Assert.Equal(new QueuedPacket(i, 7, (uint)(i * 160), 2, payload.Length), packet);
            Assert.Equal(payload, buffer[..payload.Length]);
        }
        Assert.False(queue.TryRead(out _, buffer));
    }

    [Fact]
    public async Task One_writes_while_another_reads_and_nothing_is_torn()
    {
        const int Count = 300_000;
        var queue = new PacketQueue(4096);
        var writing = Task.Run(() =>
        {
            var payload = new byte[64];
            for (var i = 0; i < Count; i++)
            {
                payload.AsSpan(0, i % 64).Fill((byte)i);
                queue.TryWrite(new QueuedPacket(i, 0, 0, 0, 0), payload.AsSpan(0, i % 64));
            }
        });
        var buffer = new byte[64];
        long read = 0, last = -1;
        while (true)
        {
            var done = writing.IsCompleted; // before the look, so that what was written last is seen
            if (!queue.TryRead(out var packet, buffer))
            {
                if (done) break;
                continue;
            }
            Assert.True(packet.Arrival > last);
            last = packet.Arrival;
            Assert.Equal(packet.Arrival % 64, packet.Length);
            Assert.True(buffer.AsSpan(0, packet.Length).IndexOfAnyExcept((byte)packet.Arrival) < 0);
            read++;
        }
        await writing;
        Assert.Equal(Count, read + queue.Dropped);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void A_size_that_is_no_power_of_two_is_refused(int octets) => Assert.Throws<ArgumentOutOfRangeException>(() => new PacketQueue(octets));
}
