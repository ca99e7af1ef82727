#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the corpus of the fuzzer dhcp: conversations of servers, as tests/fuzz/fuzz_dhcp.c reads them."""

import pathlib

OFFER, ACK, NAK = 2, 5, 6
CONFLICT, FILE, LATE = 4, 8, 32


def option(code, value):
    return bytes([code, len(value)]) + value


def options(kind, *more, lease=3600):
    return b"".join([option(53, bytes([kind])), option(54, bytes([10, 0, 2, 2])),
                     option(51, lease.to_bytes(4, "big")), *more, b"\xff"])


def step(data, flags=0, time=1):
    return bytes([flags, time]) + len(data).to_bytes(2, "big") + data


MASK = option(1, b"\xff\xff\xff\x00")
ROUTER = option(3, bytes([10, 0, 2, 2]))
SERVERS = option(6, bytes([10, 0, 2, 3, 1, 1, 1, 1])) + option(42, bytes([10, 0, 2, 4]))
ROUTES = option(121, bytes([0, 10, 0, 2, 9, 24, 192, 0, 2, 10, 0, 2, 7]))
TIMES = option(58, (60).to_bytes(4, "big")) + option(59, (90).to_bytes(4, "big"))
TAKEN = step(options(OFFER, MASK, ROUTER)) + step(options(ACK, MASK, ROUTER))

CORPUS = {
    "lease": step(options(OFFER, MASK)) + step(options(ACK, MASK, ROUTER, SERVERS, option(15, b"example.org"))),
    "routes": step(options(OFFER)) + step(options(ACK, MASK, ROUTES, ROUTER)),
    "denied": step(options(OFFER)) + step(options(NAK)) + TAKEN,
    "declined": step(options(OFFER), CONFLICT) + step(options(ACK)),
    "declined-late": step(options(OFFER)) + step(options(ACK), CONFLICT),
    "renewed": step(options(OFFER)) + step(options(ACK, TIMES), LATE, 26) + step(options(ACK, SERVERS)),
    "expired": TAKEN + step(b"", LATE, 33) + TAKEN,
    "for-ever": step(options(OFFER)) + step(options(ACK, lease=0xffffffff), LATE, 53),
    "overload": step(options(OFFER)) + step(options(ACK, option(52, b"\x03")), FILE),
    "parts": step(options(OFFER)) + step(options(ACK, option(1, b"\xff\xff"), option(1, b"\xff\x00"))),
}

folder = pathlib.Path(__file__).parent / "corpus/dhcp"
folder.mkdir(exist_ok=True)
for name, data in CORPUS.items():
    (folder / name).write_bytes(data)
