/** Follows the page's font, and its colours where it sets the custom properties. */
export const style = `
:host{display:inline-block;max-width:100%;font:inherit;line-height:1.25;color-scheme:light dark;
--_go:var(--click-to-call-color,#0b7a3e);--_stop:var(--click-to-call-stop-color,#b3261e);--_ink:var(--click-to-call-ink,#fff);
--_soft:var(--click-to-call-surface,light-dark(#f3f5f4,#24282a));--_text:var(--click-to-call-text,light-dark(#16211b,#eef2ef));--_r:var(--click-to-call-radius,999px)}
:host([hidden]),[hidden]{display:none!important}
.box,.note{vertical-align:middle}
.box{display:inline-flex;align-items:center;gap:.5em;border-radius:var(--_r);color:var(--_text)}
.box[data-live]{background:var(--_soft);padding:.3em .35em .3em .85em;gap:.3em .35em;flex-wrap:wrap;border-radius:min(var(--_r),1.6em);box-shadow:0 0 0 1px color-mix(in srgb,currentColor 14%,transparent)}
button{font:inherit;display:inline-flex;align-items:center;justify-content:center;gap:.5em;min-height:2.6em;border:0;border-radius:var(--_r);
cursor:pointer;color:inherit;background:transparent;padding:0 .7em;transition:background .15s,transform .1s}
button:active{transform:scale(.97)}
button:focus-visible{outline:3px solid color-mix(in srgb,var(--_go) 55%,#fff);outline-offset:2px}
button:disabled{opacity:.5;cursor:not-allowed}
.call{background:var(--_go);color:var(--_ink);font-weight:600;padding:0 1.15em}
.call:hover:not(:disabled){background:color-mix(in srgb,var(--_go) 88%,#000)}
.end{background:var(--_stop);color:#fff;width:2.6em;padding:0;margin-inline-start:auto}
.end:hover{background:color-mix(in srgb,var(--_stop) 88%,#000)}
.tool{width:2.4em;padding:0}
.tool:hover,.tool[aria-pressed=true],.tool[aria-expanded=true]{background:color-mix(in srgb,currentColor 12%,transparent)}
svg{width:1.2em;height:1.2em;fill:currentColor;flex:none}
.end svg{transform:rotate(135deg)}
.dot{width:.6em;height:.6em;border-radius:50%;background:var(--_go);flex:none}
.box[data-phase=starting] .dot,.box[data-phase^=ringing] .dot,.box[data-phase=confirming] .dot,.box[data-phase=incoming] .dot{animation:p 1.1s ease-in-out infinite}
.box[data-held] .dot,.box[data-waiting] .dot{background:#c77700}
.timer{font-variant-numeric:tabular-nums;opacity:.8;min-width:2.6em}
.note{display:inline-flex;align-items:center;gap:.4em;margin-inline-start:.7em;color:var(--_text)}
.note[data-bad]{color:light-dark(#a3211a,#ff9d95)}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.keys{display:grid;grid-template-columns:repeat(3,2.9em);gap:.3em;margin:.5em 0 0 auto;padding:.5em;width:max-content;border-radius:1em;background:var(--_soft);
color:var(--_text);box-shadow:0 0 0 1px color-mix(in srgb,currentColor 14%,transparent)}
.keys button:hover{background:color-mix(in srgb,currentColor 12%,transparent)}
@keyframes p{50%{opacity:.25;transform:scale(.7)}}
@media(prefers-reduced-motion:reduce){*{animation:none!important;transition:none!important}}
@media(forced-colors:active){.box[data-live],.keys,button{border:1px solid}}`;

const icon = (path: string): string => `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;

/** Drawn for this button. */
export const icons = {
  phone: icon('M7.1 3.2 9.6 8a1.3 1.3 0 0 1-.3 1.5L7.8 10.9a11.5 11.5 0 0 0 5.3 5.3l1.4-1.5a1.3 1.3 0 0 1 1.5-.3l4.8 2.5c.5.3.8.8.7 1.4l-.4 2.2c-.1.6-.7 1.1-1.3 1.1C10.5 21.6 2.4 13.5 2.4 4.2c0-.6.5-1.2 1.1-1.3l2.2-.4c.6-.1 1.1.2 1.4.7z'),
  hold: icon('M7 5h3.5v14H7zM13.5 5H17v14h-3.5z'),
  mute: icon('M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5.5 11a6.5 6.5 0 0 0 5.5 6.4V21h2v-3.6a6.5 6.5 0 0 0 5.5-6.4h-2a4.5 4.5 0 0 1-9 0z'),
  keys: icon('M5 4h3v3H5zM10.5 4h3v3h-3zM16 4h3v3h-3zM5 9.5h3v3H5zM10.5 9.5h3v3h-3zM16 9.5h3v3h-3zM5 15h3v3H5zM10.5 15h3v3h-3zM16 15h3v3h-3z'),
};
