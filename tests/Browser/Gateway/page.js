// A page's telephone on JsSIP, as small as it can be; tests call it by `gateway`.
const gateway = {
  events: [],
  session: null,

  connect({ ws, uri, token, digest, instance }) {
    const config = {
      sockets: [new JsSIP.WebSocketInterface(ws)], uri, register: true, register_expires: 120, session_timers: false,
      connection_recovery_min_interval: 1, connection_recovery_max_interval: 2, instance_id: instance,
    };
    if (digest) Object.assign(config, { authorization_user: token, password: token.split('.')[2] });
    else config.authorization_jwt = `Bearer ${token}`;
    this.ua = new JsSIP.UA(config);
    this.ua.on('registered', () => this.note('registered'));
    this.ua.on('disconnected', () => this.note('disconnected'));
    this.ua.on('registrationFailed', ({ response }) => this.note(`refused ${response?.status_code} ${response?.getHeader('Reason')}`));
    this.ua.on('newRTCSession', ({ session, originator }) => {
      this.session = session;
      if (originator === 'remote') this.note(`rings ${session.remote_identity.uri.user}`);
      if (session.connection) this.listen(session.connection);
      session.on('peerconnection', ({ peerconnection }) => this.listen(peerconnection));
      session.on('accepted', () => this.note('accepted'));
      session.on('ended', ({ cause }) => this.note(`ended ${cause}`));
      session.on('failed', ({ cause, message }) => this.note(`failed ${cause} ${message?.getHeader?.('Reason')}`));
      session.on('sdp', (e) => {
        (this.sdp ??= []).push(`${e.originator} ${e.type}\n${e.sdp}`);
        if (this.tcpOnly && e.originator === 'remote') e.sdp = e.sdp.replace(/a=candidate:\d+ 1 udp .*\r\n/g, '');
      });
    });
    this.ua.start();
  },

  options: {
    mediaConstraints: { audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false }, video: false },
    pcConfig: { iceServers: [] },
  },

  call(target) {
    this.ua.call(target, this.options);
  },

  answer() {
    this.session.answer(this.options);
  },

  note(what) {
    this.events.push(what);
  },

  listen(connection) {
    this.connection = connection;
    connection.addEventListener('track', ({ streams }) => {
      document.querySelector('audio').srcObject = streams[0];
      this.audio = new AudioContext();
      this.analyser = this.audio.createAnalyser();
      this.analyser.fftSize = 8192;
      this.audio.createMediaStreamSource(streams[0]).connect(this.analyser);
    });
  },

  /** The strongest frequency of what is heard now, or 0 in silence. */
  hertz() {
    if (!this.analyser) return 0;
    const bins = new Float32Array(this.analyser.frequencyBinCount);
    this.analyser.getFloatFrequencyData(bins);
    let best = 1;
    for (let i = 2; i < bins.length; i++) if (bins[i] > bins[best]) best = i;
    return bins[best] < -60 ? 0 : (best * this.audio.sampleRate) / this.analyser.fftSize;
  },

  /** Resolves when something holds; rejects with all that has happened. */
  async until(holds, seconds = 20) {
    const end = performance.now() + seconds * 1000;
    while (!holds()) {
      if (performance.now() > end) throw new Error(`not yet: ${JSON.stringify(this.events)}, hears ${this.hertz()} Hz, ${this.connection?.iceConnectionState}`);
      await new Promise((go) => setTimeout(go, 50));
    }
  },

  happens: (what) => gateway.until(() => gateway.events.some((e) => e.startsWith(what))),
  hears: (hertz) => gateway.until(() => Math.abs(gateway.hertz() - hertz) < 15),

  /** The pair that ICE chose, and the codec that is sent. */
  async path() {
    const stats = [...(await this.connection.getStats()).values()];
    const transport = stats.find((s) => s.type === 'transport');
    const pair = stats.find((s) => s.id === transport.selectedCandidatePairId);
    const local = stats.find((s) => s.id === pair.localCandidateId);
    const out = stats.find((s) => s.type === 'outbound-rtp');
    return { protocol: local.protocol, codec: stats.find((s) => s.id === out.codecId).mimeType, srtp: transport.srtpCipher };
  },
};
