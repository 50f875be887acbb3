import { readFileSync } from 'node:fs';
import { newQuickJSWASMModuleFromVariant, newVariant } from 'quickjs-emscripten-core';
import quickJs from '@jitl/quickjs-ng-wasmfile-release-sync';

/** @typedef {import('quickjs-emscripten-core').QuickJSSyncVariant} Variant */

const MB = 1024 * 1024;
const PAGES_PER_MB = 16;
const OWN_MB = 16; // What the engine asks for before any script runs.

// The package's types are made for CommonJS; what is imported is the variant itself.
const variant = /** @type {Variant} */ (/** @type {unknown} */ (quickJs));
const compiled = new WebAssembly.Module(readFileSync(new URL(import.meta.resolve('@jitl/quickjs-ng-wasmfile-release-sync/wasm'))));

/**
 * An engine whose whole memory is capped. The engine's own limit is not used: in WebAssembly it does not learn the size of
 * what it has allocated, and counts next to nothing.
 */
export class CappedEngine {
  #memory;
  #most;

  /** @param {import('quickjs-emscripten-core').QuickJSWASMModule} quickJs @param {WebAssembly.Memory} memory @param {number} most bytes */
  constructor(quickJs, memory, most) {
    this.quickJs = quickJs;
    this.#memory = memory;
    this.#most = most;
  }

  /** @param {number} memoryMb for scripts */
  static async make(memoryMb) {
    const memory = new WebAssembly.Memory({ initial: OWN_MB * PAGES_PER_MB, maximum: (OWN_MB + memoryMb) * PAGES_PER_MB });
    return new CappedEngine(await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmModule: compiled, wasmMemory: memory })), memory, (OWN_MB + memoryMb) * MB);
  }

  /** Memory that has grown never shrinks, and would be the next script's. */
  get hasGrown() {
    return this.#memory.buffer.byteLength > OWN_MB * MB;
  }

  /** There is nothing left to grow by: memory grows in steps, so the last of them may be out of reach. */
  get isFull() {
    return this.#memory.buffer.byteLength > 0.8 * this.#most;
  }
}
