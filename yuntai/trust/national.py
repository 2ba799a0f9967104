"""The national suite: SM2 encryption of shares, SM3, SM4-GCM in the chunked frame.

Format: docs/connect/sealing.md, section 12.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from yuntai.trust import chunked, sm2

_CANDIDATES = 256
_SHARE_BYTES = 32


@dataclass(frozen=True)
class National:
    """SM2 (GB/T 32918.4), SM3, SM4-GCM; private keys are 32-byte scalars."""

    code: str = "national-1"
    title: str = "国密算法（SM2、SM4、SM3）"
    public_key_bytes: int = sm2.PUBLIC_KEY_BYTES
    wrapped_share_bytes: int = sm2.PUBLIC_KEY_BYTES + sm2.DIGEST_BYTES + _SHARE_BYTES + sm2.DIGEST_BYTES
    body_key_bytes: int = chunked.SM.key_bytes

    def new_holder_key(self) -> tuple[bytes, bytes]:
        private = sm2.new_private_key()
        return private, sm2.public_key(private)

    def takes(self, public_key: bytes) -> bool:
        try:
            sm2.check_point(public_key)
        except ValueError:
            return False
        return True

    def digest(self, message: bytes) -> bytes:
        return sm2.sm3(message)

    def expand(self, key: bytes, info: bytes, length: int) -> bytes:
        return HKDFExpand(SM3(), length, info).derive(key)

    def wrap(self, public_key: bytes, *, info: bytes, share: bytes, seed: bytes) -> bytes:
        # SM2 encryption binds nothing but its plaintext, so a hash of `info` is encrypted behind the share.
        return sm2.encrypt(public_key, share + sm2.sm3(info), self._ephemerals(seed, public_key, info))

    def unwrap(self, private_key: bytes, *, info: bytes, wrapped: bytes) -> bytes:
        plaintext = sm2.decrypt(private_key, wrapped)
        share, bound_to = plaintext[:_SHARE_BYTES], plaintext[_SHARE_BYTES:]
        if not hmac.compare_digest(bound_to, sm2.sm3(info)):
            raise sm2.CannotDecrypt("The share was wrapped for another envelope or holder.")
        return share

    def encrypt_body(self, key: bytes, *, salt: bytes, context: bytes, plaintext: bytes) -> bytes:
        return chunked.encrypt(key, salt=salt, context=context, plaintext=plaintext, instance=chunked.SM)

    def decrypt_body(self, key: bytes, *, context: bytes, body: bytes) -> bytes:
        return chunked.decrypt(key, context=context, ciphertext=body, instance=chunked.SM)

    def _ephemerals(self, seed: bytes, public_key: bytes, info: bytes) -> Iterator[int]:
        # Recipient and info go in, so that even a seed used twice never gives one scalar to two plaintexts.
        bound_to = b"sm2-ephemeral" + public_key + sm2.sm3(info)
        for counter in range(_CANDIDATES):
            yield int.from_bytes(self.expand(seed, bound_to + bytes([counter]), sm2.PRIVATE_KEY_BYTES))
