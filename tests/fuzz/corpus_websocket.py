#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the seeds of fuzz_websocket to tests/fuzz/corpus/websocket: one of each kind of frame."""

import pathlib

FEED, FRAME, LONG, ROOM, TIME, MODE, CALL, END = range(8)
ECHO, ONE, NONE, DROP, CLOSE_IT, FAIL = range(6)
FIN, CONT, TEXT, BINARY, CLOSE, PING, PONG = 0x80, 0, 1, 2, 8, 9, 10


def step(what, n=0):
    return bytes([what | n << 3])


def frame(first, payload=b""):
    return step(FRAME, len(payload)) + bytes([first]) + payload


def long(first, n, byte=b"x"):
    """62 times n bytes."""
    return step(LONG, n) + bytes([first]) + byte


def raw(data):
    return step(FEED, len(data) - 1) + data


MORE = step(ROOM, 31)
SEEDS = {
    "text": frame(FIN | TEXT, b"hello"),
    "binary": frame(FIN | BINARY, b"\xff\x00"),
    "empty": frame(FIN | TEXT) + frame(FIN | BINARY),
    "utf8": frame(FIN | TEXT, "äöü€𝄞".encode()),
    "utf8-split": frame(TEXT, b"\xe2\x82") + frame(FIN | CONT, b"\xac"),
    "utf8-bad": frame(FIN | TEXT, b"a\xed\xa0\x80"),
    "utf8-half": frame(FIN | TEXT, b"a\xc3"),
    "fragments": frame(TEXT, b"a") + frame(FIN | PING, b"p") + frame(CONT) + frame(FIN | CONT, b"b"),
    "long": long(FIN | BINARY, 20) + long(FIN | TEXT, 3),
    "too-long": long(FIN | BINARY, 31),
    "too-long-message": long(BINARY, 24) + long(CONT, 24) + long(FIN | CONT, 24),
    "pings": frame(FIN | PING, b"1") + frame(FIN | PING, b"2") + frame(FIN | PONG, b"3"),
    "close": frame(FIN | CLOSE, b"\x03\xe8bye"),
    "close-empty": frame(FIN | CLOSE),
    "close-bad": frame(FIN | CLOSE, b"\x03\xed"),
    "close-half": frame(FIN | CLOSE, b"\x03"),
    "unmasked": raw(b"\x81\x01a"),
    "reserved": raw(b"\xf1\x80abcd"),
    "opcode": frame(FIN | 3, b"x"),
    "continuation": frame(FIN | CONT, b"x"),
    "nested": frame(TEXT, b"x") + frame(FIN | TEXT, b"y"),
    "ping-fragment": frame(PING, b"x"),
    "length-16": raw(b"\x81\xfe\x00\x7eabcd"),
    "length-64": raw(b"\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xffabcd"),
    "length-not-shortest": raw(b"\x81\xfe\x00\x01abcdx"),
    "split": b"".join(raw(bytes([b])) for b in b"\x81\x82abcd\x01\x02"),
    "one": step(MODE, ONE) + frame(FIN | TEXT, "äöü".encode()),
    "none": step(MODE, NONE) + frame(FIN | TEXT, b"x") + step(MODE, ECHO) + step(CALL, 2),
    "handler-closes": step(MODE, CLOSE_IT) + frame(TEXT, b"x") + frame(FIN | CLOSE, b"\x03\xe8"),
    "handler-fails": step(MODE, FAIL) + frame(FIN | TEXT, b"x"),
    "we-close": step(CALL, 0) + frame(FIN | TEXT, b"x") + frame(FIN | CLOSE, b"\x0b\xb8"),
    "we-close-late": step(CALL, 4) + step(TIME, 6),
    "we-write": step(MODE, DROP) + step(CALL, 1) + step(CALL, 5) + frame(FIN | PING, b"x"),
    "slow-reader": long(FIN | BINARY, 20) + step(ROOM, 1) * 30 + frame(FIN | PING, b"x") + step(ROOM, 30),
    "stuck-reader": long(FIN | BINARY, 24) + long(FIN | BINARY, 24) + step(TIME, 25),
    "silence": step(TIME, 21) + frame(FIN | PONG) + step(TIME, 21) + step(TIME, 21),
    "end": frame(TEXT, b"x") + step(END),
    "lost": long(FIN | BINARY, 20) + step(END, 31),
}

folder = pathlib.Path(__file__).parent / "corpus" / "websocket"
folder.mkdir(parents=True, exist_ok=True)
for name, steps in SEEDS.items():
    (folder / name).write_bytes((b"" if name.startswith(("slow", "stuck")) else MORE) + steps)
