#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the seeds of fuzz_mdns to tests/fuzz/corpus/mdns."""

import pathlib
import struct

HERE = pathlib.Path(__file__).resolve().parent
LEGACY, TO_ONE, WAIT = 1, 2, 4
A, PTR, TXT, AAAA, SRV, NSEC, ANY = 1, 12, 16, 28, 33, 47, 255
IN, FLUSH = 1, 0x8001
HOST, HTTP, PAGE = "web.local", "_http._tcp.local", "Page._http._tcp.local"
ALL = "_services._dns-sd._udp.local"


def name(text):
    return b"".join(bytes([len(x)]) + x for x in text.encode().split(b".")) + b"\0"


def question(owner, kind, cls=IN):
    return name(owner) + struct.pack(">HH", kind, cls)


def record(owner, kind, data, ttl=120, cls=FLUSH):
    return name(owner) + struct.pack(">HHIH", kind, cls, ttl, len(data)) + data


def message(flags=0, qd=(), an=(), ns=(), ar=(), wait=0, how=WAIT):
    body = struct.pack(">HHHHHH", 0, flags, len(qd), len(an), len(ns), len(ar)) + b"".join([*qd, *an, *ns, *ar])
    return struct.pack(">HBB", len(body), wait, how) + body


RESPONSE = 0x8400
OTHER = b"\x0a\0\2\7"
SRV_DATA = struct.pack(">HHH", 0, 0, 80) + name("other.local")
CORPUS = {
    "a": message(qd=[question(HOST, A)]),
    "aaaa": message(qd=[question(HOST, AAAA), question(PAGE, A)]),
    "ptr": message(qd=[question(HTTP, PTR), question(ALL, PTR), question("_echo._udp.local", PTR, FLUSH)]),
    "any": message(qd=[question(PAGE, ANY, 255), question(HOST, ANY, 0x80ff)]),
    "reverse": message(qd=[question("251.0.0.224.in-addr.arpa", PTR)]),
    "known": message(qd=[question(HTTP, PTR)], an=[record(HTTP, PTR, name(PAGE), 4500, IN)]),
    "known-more": message(0x0200, qd=[question(HTTP, PTR)]) + message(an=[record(HTTP, PTR, name(PAGE), 4500)], how=0),
    "legacy": message(0x0100, qd=[question(HOST, A)], how=WAIT | LEGACY | TO_ONE),
    "legacy-page": message(qd=[question(HTTP, PTR)], how=WAIT | LEGACY),
    "probe": message(qd=[question(HOST, ANY)], ns=[record(HOST, A, OTHER)]),
    "tie": message(qd=[question(HOST, ANY)], ns=[record(HOST, A, b"\xff" * 4), record(HOST, AAAA, b"\xff" * 16)], how=0),
    "tie-srv": message(qd=[question(PAGE, ANY)], ns=[record(PAGE, SRV, SRV_DATA), record(PAGE, TXT, b"\1x")], how=0),
    "conflict-probing": message(RESPONSE, an=[record(HOST, A, OTHER), record(PAGE, TXT, b"\0")], how=0),
    "conflict": message(RESPONSE, an=[record(HOST, A, OTHER)]) + message(RESPONSE, an=[record(HOST, A, OTHER)], how=0),
    "conflict-srv": message(RESPONSE, ar=[record(PAGE, SRV, SRV_DATA)]),
    "same": message(RESPONSE, an=[record(ALL, PTR, name(HTTP), 4500, IN)]),
    "goodbye": message(RESPONSE, an=[record(ALL, PTR, name(HTTP), 0, IN), record(HOST, NSEC, name(HOST) + b"\0\1\x40")]),
    "pointers": message(RESPONSE, an=[b"\xc0\x0c" + struct.pack(">HHIH", PTR, IN, 9, 2) + b"\xc0\x0c"]),
    "flood": message(qd=[question(HOST, A)]) + message(qd=[question(HOST, A)], wait=5, how=0) * 8,
}

for file, data in CORPUS.items():
    folder = HERE / "corpus" / "mdns"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_bytes(data)
