using ClickToDial.Benchmarks.Chains;
using ClickToDial.Benchmarks.Ingest;
using ClickToDial.Benchmarks.Media;
using ClickToDial.Benchmarks.Micro;
using ClickToDial.Benchmarks.Sip;

// What `dev bench NAME` runs. Names starting with "serve-" are the processes a benchmark measures.
const string Usage = """
    usage: Benchmarks NAME [options]
      media       relay: CPU per packet, added delay and loss, beside rtpengine and a plain loop
                    --json FILE   also write the figures as JSON
                    --seconds N   measured time of each round (default 6)
                    --rounds N    rounds, of which the median counts (default 3)
                    --coalesce N  our coalescing bound in microseconds (default: the product's); N,M,... measures each
                    --shape S,... even, ticks or both (default): how the streams send, see the README
                    --only PART   only the servers whose name holds PART
                    --ahead       real-time scheduling, for a machine that others use too (needs root; rounds of 1 s)
      webrtc      relay between browsers (SRTP) and phones: CPU per packet, beside rtpengine with SRTP by SDES and janus's SIP gateway
                    --json FILE, --seconds N (default 6), --rounds N (default 3), --calls N (default 200), --only PART, --ahead as above
      relay-load  200 bridged calls of 50 packets/s each way; fails on any loss
                    --json FILE, --seconds N (default 10)
      sip         calls: CPU per call, calls/s, originated calls, memory of a call, time to start; beside kamailio
                    --json FILE, --seconds N per rate (default 8), --rates 100,250,... tried in turn until one fails
                    --only bridged,originate,memory,start   some of it; --held N calls for memory (default 2000); --alone: no kamailio
      chains      a step of a chain and a run of a script, beside the bare storage round trips that a step makes
                    --json FILE, --steps N (default 200), --agents N at once (default 16), --rounds N (default 3)
      ingest      events taken in a second beside an endpoint that only writes the queue; pages of a call log of a million
                    --json FILE, --only events,query, --seconds N of each turn (2), --rounds N (21), --rows N calls (1000000), --queries N (1000)
      micro       BenchmarkDotNet: parse, rewrite, relay step, with allocations; fails when one allocates
                    --json FILE, and BenchmarkDotNet's own options
    """;

return args switch
{
    ["media", .. var rest] => await MediaBenchmark.RunAsync(rest),
    ["webrtc", .. var rest] => await WebRtcBenchmark.RunAsync(rest),
    ["serve-browsers", .. var rest] => await BrowserRelayServer.ServeAsync(rest),
    ["relay-load", .. var rest] => await RelayLoad.RunAsync(rest),
    ["sip", .. var rest] => await SipBenchmark.RunAsync(rest),
    ["chains", .. var rest] => await ChainBenchmark.RunAsync(rest),
    ["ingest", .. var rest] => await IngestBenchmark.RunAsync(rest),
    ["micro", .. var rest] => await MicroBenchmarks.RunAsync(rest),
    ["serve-relay", .. var rest] => await RelayServer.ServeAsync(rest),
    ["serve-bare-queue", .. var rest] => await BareQueue.ServeAsync(rest),
    ["serve-plain", .. var rest] => await PlainLoop.ServeAsync(rest),
    _ => Fail(),
};

static int Fail()
{
    Console.Error.WriteLine(Usage);
    return 2;
}
