// CBOR (RFC 8949) for bid files: text, bytes, lists and maps, definite lengths, maps in the order written.
import { type Bytes, concat, utf8 } from "./bytes.ts";

export type Cbor = string | Uint8Array | readonly Cbor[] | ReadonlyMap<string, Cbor>;

const BYTES = 2;
const TEXT = 3;
const LIST = 4;
const MAP = 5;

export function encodeCbor(value: Cbor): Bytes {
  return concat(...parts(value));
}

function* parts(value: Cbor): Generator<Uint8Array> {
  if (value instanceof Uint8Array) {
    yield head(BYTES, value.length);
    yield value;
  } else if (typeof value === "string") {
    const text = utf8(value);
    yield head(TEXT, text.length);
    yield text;
  } else if (value instanceof Map) {
    yield head(MAP, value.size);
    for (const [key, member] of value as ReadonlyMap<string, Cbor>) {
      yield* parts(key);
      yield* parts(member);
    }
  } else {
    const list = value as readonly Cbor[];
    yield head(LIST, list.length);
    for (const member of list) yield* parts(member);
  }
}

/** Return the head with the shortest way of writing `length`, below 2^32. */
function head(kind: number, length: number): Bytes {
  const first = kind << 5;
  if (length < 24) return Uint8Array.of(first | length);
  if (length < 0x100) return Uint8Array.of(first | 24, length);
  if (length < 0x10000) return Uint8Array.of(first | 25, length >>> 8, length & 0xff);
  if (length >= 2 ** 32) throw new RangeError("A part of a bid file has less than 4 GiB.");
  const bytes = new Uint8Array(5);
  bytes[0] = first | 26;
  new DataView(bytes.buffer).setUint32(1, length);
  return bytes;
}
