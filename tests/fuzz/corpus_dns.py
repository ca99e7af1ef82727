#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the seeds of fuzz_dns to tests/fuzz/corpus/dns: one of each kind of response."""

import pathlib
import struct

HERE = pathlib.Path(__file__).resolve().parent
QUESTION = b"\xc0\x0c"  # a pointer to the name that was asked for
IPV4, IPV6, CUT, RAW = 0, 1, 2, 4


def name(text):
    labels = text.encode().split(b".")
    return b"".join(bytes([len(x)]) + x for x in labels) + b"\0"


def record(owner, kind, ttl, data):
    return owner + struct.pack(">HHIH", kind, 1, ttl, len(data)) + data


def response(flags, answers=(), authorities=(), how=IPV4, counts=None):
    header = struct.pack(">HHHH", flags, *(counts or (len(answers), len(authorities))), 0)
    return bytes([how]) + header + b"".join(answers) + b"".join(authorities)


def a(owner=QUESTION, ttl=60, address=b"\xc0\0\2\1"):
    return record(owner, 1, ttl, address)


SOA = record(name("test"), 6, 900, name("ns.test") + name("me.test") + struct.pack(">5I", 1, 2, 3, 4, 300))
CORPUS = {
    "a": response(0x8180, [a()]),
    "a-many": response(0x8180, [a(address=bytes([10, 0, 0, i])) for i in range(60)]),
    "aaaa": response(0x8180, [record(QUESTION, 28, 60, bytes(range(16)))], how=IPV6),
    "cname": response(0x8180, [record(QUESTION, 5, 60, name("b.test")), a(name("b.test"))]),
    "cname-behind": response(0x8180, [a(name("b.test")), record(QUESTION, 5, 60, name("b.test"))]),
    "cname-loop": response(0x8180, [record(QUESTION, 5, 60, name("b.test")),
                                    record(name("b.test"), 5, 60, QUESTION)]),
    "nxdomain": response(0x8183, [], [SOA]),
    "nodata": response(0x8180, [record(QUESTION, 5, 60, name("b.test"))], [SOA]),
    "lame": response(0x8100),
    "servfail": response(0x8182),
    "formerr": response(0x8181),
    "truncated": response(0x8380, [a()]),
    "cut": response(0x8180, [a(), a(), a()[:7]], how=CUT),
    "pointer-loop": response(0x8180, [a(b"\xc0\x1a")]),
    "pointer-forward": response(0x8180, [a(b"\xc0\x40")]),
    "counts": response(0x8180, [a()], counts=(65535, 65535)),
    "ttl": response(0x8180, [a(ttl=0xffffffff)]),
    "label-kinds": response(0x8180, [a(b"\x41a\0"), a(b"\x81a\0")]),
    "raw": bytes([RAW]) + b"\x5a\x5a\x81\x80" + bytes(8),
    "short": bytes([RAW, 0x5a]),
}

for file, data in CORPUS.items():
    folder = HERE / "corpus" / "dns"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_bytes(data)
