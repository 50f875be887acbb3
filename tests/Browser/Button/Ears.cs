namespace ClickToDial.Browser.Button;

/// <summary>What a test puts into a page to hear what the page's user would hear, and to disturb its connections.</summary>
internal static class Ears
{
    /// <summary>Defines <c>ears</c>: the loudest tone of what comes in, the sockets, and the peer connections.</summary>
    public const string Script = """
        window.ears = {
          connections: [], sockets: [], tcpOnly: false, certificate: null,
          hertz() {
            if (!this.analyser) return 0;
            const bins = new Float32Array(this.analyser.frequencyBinCount);
            this.analyser.getFloatFrequencyData(bins);
            const top = bins.reduce((best, level, i) => (level > bins[best] ? i : best), 0);
            return bins[top] < -70 ? 0 : (top * this.audio.sampleRate) / this.analyser.fftSize;
          },
          until(holds, what) {
            return new Promise((done, fail) => {
              const end = performance.now() + 20000;
              const look = () => {
                if (holds()) done(true);
                else if (performance.now() > end) fail(new Error(`never: ${what}; hears ${this.hertz()} Hz, ${this.connections.map((c) => c.iceConnectionState)}`));
                else setTimeout(look, 50);
              };
              look();
            });
          },
          hears(hertz) { return this.until(() => Math.abs(this.hertz() - hertz) < 20, `${hertz} Hz`); },
          listen(stream) {
            this.audio ??= new AudioContext();
            this.analyser = this.audio.createAnalyser();
            this.analyser.fftSize = 8192;
            this.audio.createMediaStreamSource(stream).connect(this.analyser);
          },
          async way() {
            const stats = [...(await this.connections.at(-1).getStats()).values()];
            const pair = stats.find((s) => s.type === 'candidate-pair' && s.nominated && s.state === 'succeeded');
            return stats.find((s) => s.id === pair.remoteCandidateId).protocol;
          },
        };
        window.RTCPeerConnection = class extends RTCPeerConnection {
          constructor(...given) {
            super(...given);
            ears.connections.push(this);
            this.addEventListener('track', (e) => ears.listen(e.streams[0] ?? new MediaStream([e.track])));
          }
          setRemoteDescription(description) {
            let sdp = ears.tcpOnly ? description.sdp.replace(/a=candidate:\S+ \d+ udp .*\r\n/gi, '') : description.sdp;
            if (ears.certificate) sdp = sdp.replace(/a=fingerprint:\S+ \S+/g, `a=fingerprint:sha-256 ${ears.certificate}`);
            return super.setRemoteDescription({ type: description.type, sdp });
          }
        };
        window.WebSocket = class extends WebSocket {
          constructor(...given) {
            super(...given);
            ears.sockets.push(this);
          }
        };
        """;
}
