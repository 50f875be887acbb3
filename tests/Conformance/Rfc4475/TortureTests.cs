using System.Net;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;
using ClickToDial.TestKit.Sip;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Conformance.Rfc4475;

/// <summary>Every message of RFC 4475 through the parser and through a whole endpoint, against the manifest.</summary>
public sealed class TortureTests
{
    private static readonly byte[] Sentinel =
        "OPTIONS sip:sentinel@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKsentinel\r\nMax-Forwards: 70\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:sentinel@192.0.2.1>\r\nCall-ID: sentinel\r\nCSeq: 1 OPTIONS\r\n\r\n"u8.ToArray();

    public static TheoryData<string, string> Messages()
    {
        var data = new TheoryData<string, string>();
        foreach (var message in TortureMessage.All) data.Add(message.Section, message.File);
        return data;
    }

    [Fact]
    public void Every_message_file_is_in_the_manifest_and_every_line_has_its_file()
    {
        var files = Directory.GetFiles(TortureMessage.Folder, "*.dat").Select(f => Path.GetFileNameWithoutExtension(f)!).Order();
        Assert.Equal(files, TortureMessage.All.Select(m => m.File).Order());
        Assert.Equal(49, TortureMessage.All.Count);
        Assert.DoesNotContain(TortureMessage.All, m => m.KnownGap is { Length: 0 });
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void The_parser_sees_what_the_RFC_describes(string section, string file)
    {
        var expected = Find(section, file);

        var verdict = MessageParser.ParseDatagram(expected.Bytes, SipLimits.Default, out var message);

        Assert.Equal(expected.Garbage ? ParseVerdict.Garbage : ParseVerdict.Message, verdict);
        if (expected.Garbage) return;
        Assert.Equal(expected.Defect ?? "None", message!.Defect.ToString());
        if (expected.IsResponse) Assert.Equal(expected.Status, Assert.IsType<SipResponse>(message).Status);
        if (expected.Method is not null) Assert.Equal(expected.Method, Assert.IsType<SipRequest>(message).Method.Name);
        if (expected.BodyBytes is { } bytes) Assert.Equal(bytes, message.Body.Length);
        if (expected.Contacts is { } contacts) Assert.Equal(contacts, message.Contacts!.Count);
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task The_endpoint_does_with_it_what_the_RFC_asks(string section, string file)
    {
        var expected = Find(section, file);
        var network = new MemoryTransport(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 5060));
        var handler = new CollectingHandler();
        await using var endpoint = new SipEndpoint(
            new SipEndpointOptions { Listen = [], OtherTransports = [network] }, TimeProvider.System, NullLogger<SipEndpoint>.Instance);
        endpoint.Start(handler);

        network.Receive(expected.Bytes);
        network.Receive(Sentinel); // Handled after the message, as the stack has one loop.
        await handler.Sentinel;

        var answers = network.Sent.OfType<SipResponse>().ToList();
        Assert.Equal(expected.Outcome == TortureOutcome.Delivered, handler.Delivered.Count == 1);
        Assert.Equal(expected.Outcome == TortureOutcome.Answered, answers.Count == 1);
        if (expected.Outcome != TortureOutcome.Answered) return;
        Assert.Equal(expected.Status, answers[0].Status);
        Assert.Equal(expected.Unsupported, answers[0].Headers.Get(HeaderName.Unsupported));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void What_was_read_and_written_again_reads_the_same(string section, string file)
    {
        var expected = Find(section, file);
        if (MessageParser.ParseDatagram(expected.Bytes, SipLimits.Default, out var first) != ParseVerdict.Message) return;
        if (first!.Defect != MessageDefect.None) return;

        MessageParser.ParseDatagram(MessageWriter.ToArray(first), SipLimits.Default, out var second);

        Assert.Equal(MessageDefect.None, second!.Defect);
        Assert.Equal(Fields(first), Fields(second));
        Assert.True(first.Body.Span.SequenceEqual(second.Body.Span));
        Assert.Equal(first.From.ToString(), second.From.ToString());
        Assert.Equal(first.To.Uri, second.To.Uri);
    }

    private static TortureMessage Find(string section, string file) => TortureMessage.All.Single(m => m.Section == section && m.File == file);

    // The writer puts Content-Length last and writes it anew.
    private static List<KeyValuePair<string, string>> Fields(SipMessage message) =>
        [.. message.Headers.Enumerate().Where(h => h.Key != "Content-Length")];

    private sealed class CollectingHandler : ISipHandler
    {
        private readonly TaskCompletionSource _sentinel = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<SipRequest> Delivered { get; } = [];

        public Task Sentinel => _sentinel.Task.WaitAsync(TimeSpan.FromSeconds(20));

        public void OnRequest(ClickToDial.Sip.Transactions.ServerTransaction transaction)
        {
            if (transaction.Request.CallId == "sentinel") _sentinel.TrySetResult();
            else Delivered.Add(transaction.Request);
        }
    }
}
