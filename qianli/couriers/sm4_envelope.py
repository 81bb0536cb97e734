"""How China Post wraps what it is told: SM4 in ECB mode, PKCS7, base64, under the account's key.

Source: 《中小电商企业接口规范 V2.7》 as client code has it; the published vector is a test. ECB has no seal of its own:
what opens under our key and is readable JSON was made by somebody who holds the key, or cut and joined from pieces of
what was, so an opened push is checked further before anything is done with it.
"""

import base64
import json
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.padding import PKCS7

from qianli.errors import ConfigurationError, UnreadableAnswer

MARK = "|$4|"
BLOCK_BITS = 128
KEY_BYTES = 16


def sealed(content: Any, sign_key: str) -> str:
    """The content as JSON, the key's own letters behind it, encrypted under the key."""
    return encrypted(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + sign_key, sign_key)


def opened(envelope: str, sign_key: str) -> Any:
    """What is inside, with or without the key's letters behind it; UnreadableAnswer if it was not made with our key."""
    try:
        return json.loads(decrypted(envelope, sign_key).removesuffix(sign_key))
    except (ValueError, RecursionError):
        raise UnreadableAnswer("邮政发来的内容解不开，请核对签名密钥。") from None


def encrypted(text: str, sign_key: str) -> str:
    """An envelope with this text."""
    padder, encryptor = PKCS7(BLOCK_BITS).padder(), _cipher(sign_key).encryptor()
    plain = padder.update(text.encode()) + padder.finalize()
    return MARK + base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def decrypted(envelope: str, sign_key: str) -> str:
    """The text in an envelope; ValueError if there is none."""
    unpadder, decryptor = PKCS7(BLOCK_BITS).unpadder(), _cipher(sign_key).decryptor()
    closed = base64.b64decode(envelope.removeprefix(MARK), validate=True)
    padded = decryptor.update(closed) + decryptor.finalize()
    return (unpadder.update(padded) + unpadder.finalize()).decode()


def check_key(sign_key: str) -> None:
    """ConfigurationError if it cannot be a key: said when an account is connected, not at the first parcel."""
    _cipher(sign_key)


def _cipher(sign_key: str) -> Cipher[Any]:
    try:
        key = base64.b64decode(sign_key, validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ConfigurationError("中国邮政的签名密钥应是16个字节的Base64，请照开放平台上的原样填写。")
    return Cipher(SM4(key), ECB())  # noqa: S305 - the courier's interface, not our choice
