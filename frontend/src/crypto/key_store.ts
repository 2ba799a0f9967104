// Keeps, on this device and for this system only, the certificate key in use and the owner keys of bids made here.
import type { OwnerKey } from "./owner.ts";
import type { Signer } from "./signer.ts";

const DATABASE = "yuntai-keys";
const VERSION = 1;
const SIGNER = "signer";
const OWNERS = "owners";
const CURRENT = "current";

export async function keepSigner(signer: Signer): Promise<void> {
  await inStore(SIGNER, "readwrite", (store) => store.put(signer, CURRENT));
}

export async function currentSigner(): Promise<Signer | null> {
  return ((await inStore(SIGNER, "readonly", (store) => store.get(CURRENT))) as Signer | undefined) ?? null;
}

/** Forget the certificate key, as when its person logs out; owner keys stay, or bids could not be withdrawn. */
export async function forgetSigner(): Promise<void> {
  await inStore(SIGNER, "readwrite", (store) => store.delete(CURRENT));
}

export async function keepOwner(owner: OwnerKey): Promise<void> {
  await inStore(OWNERS, "readwrite", (store) => store.put(owner, owner.header_sha256));
}

export async function ownerOf(headerDigest: string): Promise<OwnerKey | null> {
  return ((await inStore(OWNERS, "readonly", (store) => store.get(headerDigest))) as OwnerKey | undefined) ?? null;
}

type StoreName = typeof SIGNER | typeof OWNERS;
type Work = (store: IDBObjectStore) => IDBRequest;

async function inStore(name: StoreName, mode: IDBTransactionMode, work: Work): Promise<unknown> {
  const database = await openDatabase();
  try {
    const transaction = database.transaction(name, mode);
    const request = work(transaction.objectStore(name));
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    });
    return request.result as unknown;
  } finally {
    database.close();
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, VERSION);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore(SIGNER);
      opening.result.createObjectStore(OWNERS);
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error ?? new Error("no database"));
  });
}
