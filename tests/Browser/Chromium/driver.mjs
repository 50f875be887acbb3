// Drives Chromium by Playwright for tests written in C#: one JSON command a line on standard input, one answer a line on standard output.
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [playwright, executablePath, ...more] = process.argv.slice(2);
const { chromium } = (await import(pathToFileURL(playwright).href)).default;
const browser = await chromium.launch({
  executablePath,
  headless: true,
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--allow-loopback-in-peer-connection',
    '--disable-features=WebRtcHideLocalIpsWithMdns', '--autoplay-policy=no-user-gesture-required', ...more,
  ],
});
const pages = new Map();
const tell = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

/** Everything that reaches the page, for tests that look for what must not. */
function listen(page, heard) {
  page.on('console', (m) => heard.push({ kind: 'console', text: m.text() }));
  page.on('pageerror', (e) => heard.push({ kind: 'error', text: String(e) }));
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => heard.push({ kind: 'frame', url: socket.url(), text: payload.toString() }));
    socket.on('framesent', ({ payload }) => heard.push({ kind: 'sent', url: socket.url(), text: payload.toString() }));
  });
  page.on('response', async (response) => {
    const head = JSON.stringify(await response.allHeaders().catch(() => ({})));
    const body = await response.text().catch(() => '');
    heard.push({ kind: 'response', url: response.url(), status: response.status(), text: `${head}\n${body}` });
  });
}

const actions = {
  async open({ page, url, viewport, script }) {
    const context = await browser.newContext({ permissions: ['microphone'], viewport: viewport ?? { width: 1180, height: 820 } });
    if (script) await context.addInitScript(script);
    const opened = await context.newPage();
    const heard = [];
    listen(opened, heard);
    pages.set(page, { page: opened, context, heard });
    await opened.goto(url);
  },
  goto: ({ url }, { page }) => page.goto(url),
  reload: (_, { page }) => page.reload(),
  click: ({ selector }, { page }) => page.click(selector),
  fill: ({ selector, text }, { page }) => page.fill(selector, text),
  press: ({ key }, { page }) => page.keyboard.press(key),
  focus: ({ selector }, { page }) => page.focus(selector),
  text: ({ selector }, { page }) => page.textContent(selector),
  wait: ({ selector, limit }, { page }) => page.waitForSelector(selector, { state: 'attached', timeout: limit }),
  visible: ({ selector }, { page }) => page.isVisible(selector),
  eval: ({ code }, { page }) => page.evaluate(code),
  offline: ({ on }, { context }) => context.setOffline(on),
  aria: ({ selector }, { page }) => page.locator(selector).ariaSnapshot(),
  screenshot: ({ path }, { page }) => page.screenshot({ path }),
  heard: (_, { heard }) => heard,
  close: async (_, { context }) => context.close(),
};

/** What Chromium hands out that is no plain value stays here. */
const plain = (value) => (value === undefined || typeof value?.dispose === 'function' || typeof value?.request === 'function' ? null : value);

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  (async () => {
    try {
      tell({ id: command.id, result: plain(await actions[command.do](command, pages.get(command.page))) });
    } catch (error) {
      tell({ id: command.id, error: String(error) });
    }
  })();
}
await browser.close();
