#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the seeds of fuzz_log_store to tests/fuzz/corpus/log_store."""

import base64
import pathlib
import struct
import zlib

HERE = pathlib.Path(__file__).resolve().parent
EMPTY, HEADERS, RECORDS, READ_ONLY, MANY = 1, 2, 4, 8, 16
EPOCH = 1 << 40
VALUE, LARGE, REMOVED, PIECE, RETIRED, TAIL = range(1, 7)


def piece(block, at, data):
    out = b""
    for i in range(0, len(data), 256):
        part = data[i:i + 256]
        out += bytes([block]) + struct.pack("<HB", at + i, len(part) - 1) + part
    return out


def header(seq, tail=0, prev=0, prev_end=0, carry=0):
    return piece(seq % 8, 0, b"fata.log" + struct.pack("<IIIIQQIIIIII", 2, 1024, 8, 4, 7, seq, tail, prev, prev_end,
                                                       carry, 1, 0))


def record(kind, key=b"", meta=b"", body=b"", index=0, left=0, claim=0):
    out = struct.pack("<BBHIHHII", kind, len(key), claim, len(body), index, left, 0, 0) + key + meta + body
    return out + b"\xff" * (-len(out) % 4)


def value(key, body, **batch):
    return record(VALUE, key, struct.pack("<QQ", 1, 2), body, **batch)


LARGE_ONE = (record(PIECE, struct.pack("<QI", 99, 0), body=b"p" * 300)
             + record(PIECE, struct.pack("<QI", 99, 1), body=b"q" * 100)
             + record(LARGE, b"big", struct.pack("<QQQQI", 1, 2, 400, 99, 300)))
ALL = HEADERS | RECORDS
CORPUS = {
    "as-it-is": bytes([MANY]) + b"\0\0\0\0\0",
    "blank": bytes([EMPTY]),
    "read-only": bytes([READ_ONLY | ALL]),
    "first": bytes([EMPTY | ALL]) + header(1) + piece(1, 64, value(b"a", b"b") + value(b"d/e", b"c" * 50)),
    "batch": bytes([EMPTY | ALL]) + header(1) + piece(1, 64, value(b"a", b"b", left=1) + value(b"c", b"", index=1)),
    "half-a-batch": bytes([EMPTY | ALL]) + header(1) + piece(1, 64, value(b"a", b"b", left=1) + value(b"c", b"")),
    "large": bytes([EMPTY | ALL]) + header(1) + piece(1, 64, LARGE_ONE),
    "no-pieces": bytes([EMPTY | ALL]) + header(1)
    + piece(1, 64, record(LARGE, b"large", struct.pack("<QQQQI", 1, 2, 1 << 60, 99, 1))),
    "without-size": bytes([EMPTY | ALL]) + header(1)
    + piece(1, 64, record(LARGE, b"large", struct.pack("<QQQQI", 1, 2, 400, 99, 0))),
    "retired": bytes([EMPTY | ALL]) + header(1)
    + piece(1, 64, b"".join(record(RETIRED, struct.pack("<I", i)) for i in range(10))),
    "tail": bytes([EMPTY | ALL]) + header(5, tail=2, prev=1, prev_end=64) + header(4, prev=1, prev_end=64) + header(3)
    + piece(5, 64, record(TAIL, meta=struct.pack("<Q", 5)) + value(b"a", b"b", claim=20)),
    "carry": bytes([EMPTY | ALL]) + header(2, tail=1, prev=1, prev_end=1000, carry=100) + header(1)
    + piece(1, 64, value(b"a", b"b" * 200)) + piece(1, 1000, value(b"span", b"s" * 80)[:24]) + piece(2, 164, value(b"z", b"y")),
    # Block 3 was given up before block 2 was begun; then 2 took the place of 3, in which nothing more could be programmed.
    "given-up": bytes([EMPTY | ALL]) + header(3, tail=2, prev=2, prev_end=64) + header(EPOCH | 2, tail=1, prev=1, prev_end=1024)
    + header(1) + piece(1, 64, value(b"a", b"b")) + piece(2, 64, value(b"a", b"c")) + piece(3, 64, value(b"a", b"d")),
    "in-vain": bytes([EMPTY | ALL]) + header(2, tail=1, prev=1, prev_end=104, carry=100) + header(1)
    + piece(1, 64, value(b"a", b"b")) + piece(1, 104, b"torn"),
    # A piece that is damaged is moved while nothing can say any more that it was safe.
    "moved-damage": zlib.decompress(base64.b64decode(
        "eNpz2+vm9v+/fVoiOyMDA5AqSdTLyU9nYgACFgYGDgjFwM4ABzqJ//8DlfxnwAYYYbQDw3tWFgbsavDIYRNnwiFOQBsa4ER2IvPbI7c8V/3/"
        "D/JEMiMbwh4osAIq44a7EqjuG27r/sPMC8N0BwcOt3EymKIAs2QEG4cWRhJDhxmHOAsWcQAT3CVo")),
    "far": bytes([EMPTY | ALL]) + header((1 << 48) - 8) + header(3, tail=2),
}


def main():
    folder = HERE / "corpus/log_store"
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in CORPUS.items():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
