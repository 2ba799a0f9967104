// SM3 (GB/T 32905) as a hash of @noble/hashes, so that its HMAC and HKDF serve here too.
import { HashMD } from "@noble/hashes/_md.js";
import { createHasher } from "@noble/hashes/utils.js";

const INITIAL = [
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
] as const;
const words = new Int32Array(68);

class Sm3 extends HashMD<Sm3> {
  private readonly state = Int32Array.from(INITIAL);

  constructor() {
    super(64, 32, 8, false);
  }

  protected get(): number[] {
    return [...this.state];
  }

  protected set(...state: number[]): void {
    this.state.set(state);
  }

  _cloneInto(to: Sm3 = new Sm3()): Sm3 {
    to.state.set(this.state);
    return this._cloneIntoMeta(to);
  }

  protected process(view: DataView, offset: number): void {
    expand(view, offset);
    const state = this.state;
    let [a, b, c, d] = [state[0]!, state[1]!, state[2]!, state[3]!];
    let [e, f, g, h] = [state[4]!, state[5]!, state[6]!, state[7]!];
    for (let round = 0; round < 64; round++) {
      const early = round < 16;
      const constant = rotated(early ? 0x79cc4519 : 0x7a879d8a, round);
      const a12 = rotated(a, 12);
      const ss1 = rotated((a12 + e + constant) | 0, 7);
      const mixed = words[round]! ^ words[round + 4]!;
      const tt1 = ((early ? a ^ b ^ c : (a & b) | (a & c) | (b & c)) + d + (ss1 ^ a12) + mixed) | 0;
      const tt2 = ((early ? e ^ f ^ g : (e & f) | (~e & g)) + h + ss1 + words[round]!) | 0;
      d = c;
      c = rotated(b, 9);
      b = a;
      a = tt1;
      h = g;
      g = rotated(f, 19);
      f = e;
      e = tt2 ^ rotated(tt2, 9) ^ rotated(tt2, 17);
    }
    const after = [a, b, c, d, e, f, g, h];
    for (let at = 0; at < 8; at++) state[at]! ^= after[at]!;
  }

  protected roundClean(): void {
    words.fill(0);
  }

  destroy(): void {
    this.destroyed = true;
    this.state.fill(0);
    this.buffer.fill(0);
  }
}

export const sm3 = createHasher(() => new Sm3());

function expand(view: DataView, offset: number): void {
  for (let at = 0; at < 16; at++) words[at] = view.getInt32(offset + 4 * at);
  for (let at = 16; at < 68; at++) {
    const mixed = words[at - 16]! ^ words[at - 9]! ^ rotated(words[at - 3]!, 15);
    const permuted = mixed ^ rotated(mixed, 15) ^ rotated(mixed, 23);
    words[at] = permuted ^ rotated(words[at - 13]!, 7) ^ words[at - 6]!;
  }
}

/** Rotate left; by 32 and more as by the remainder, since shifts count modulo 32. */
function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
