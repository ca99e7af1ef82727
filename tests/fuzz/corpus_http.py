#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the seeds of fuzz_http to tests/fuzz/corpus/http: one of each kind of request."""

import pathlib

FEED, FEED_MORE, ROOM, ROOM_MORE, TIME, WAKE, END = range(7)


def feed(text):
    """The text as steps: long segments, then the rest in one short one."""
    data = text.encode("latin-1") if isinstance(text, str) else text
    out = b""
    while len(data) >= 32:
        n = min(len(data) // 32, 32)
        out += bytes([FEED_MORE | (n - 1) << 3]) + data[:32 * n]
        data = data[32 * n:]
    return out + (bytes([FEED | (len(data) - 1) << 3]) + data if data else b"")


def split(text):
    """The text in segments of seven bytes."""
    return b"".join(feed(text[i:i + 7]) for i in range(0, len(text), 7))


def step(what, n=0):
    return bytes([what | n << 3])


def get(target, fields="", version="1.1", method="GET"):
    return f"{method} {target} HTTP/{version}\r\nHost: example\r\n{fields}\r\n"


TAG = '"0000000000000001"'
MORE = step(ROOM_MORE, 31)
CHUNKED = get("/u", "Transfer-Encoding: chunked\r\n", method="POST") + \
    "5;x=y\r\nhello\r\n0\r\nT: v\r\n\r\n"
SIZED = get("/u/a", "Content-Length: 5\r\n", method="POST") + "hello"
SEEDS = {
    "get": feed(get("/index.html")),
    "get-split": split(get("/index.html")),
    "head": feed(get("/a.css", method="HEAD")),
    "http10": feed(get("/", version="1.0")),
    "http10-keep-alive": feed(get("/", "Connection: keep-alive\r\n", "1.0") + get("/")),
    "close": feed(get("/", "Connection: close\r\n")),
    "absolute": feed(get("http://example:80/a?b")),
    "encoded": feed(get("/%61/../%2e%2E/b%20c")),
    "encoded-split": split(get("/a/./%41")),
    "encoded-host": split(get("http://%xample:80?b")),
    "options": feed(get("*", method="OPTIONS") + get("/u", method="OPTIONS")),
    "put": feed(get("/p", "Content-Length: 5\r\n", method="PUT") + "hello" + get("/p") + get("/p", method="DELETE") +
                get("/p", method="PATCH") + get("/p", method="OPTIONS")),
    "methods": feed(get("/", method="DELETE") + get("/", method="BREW")),
    "none-match": feed(get("/abc", f'If-None-Match: "x", W/{TAG}\r\n')),
    "match": feed(get("/abc", "If-Match: *\r\n") + get("/abc", 'If-Match: "x"\r\n')),
    "range": feed(get("/abcdefgh", "Range: bytes=1-3\r\n") + get("/abc", "Range: bytes=-2\r\n") +
                  get("/abc", "Range: bytes=9-\r\n") + get("/abc", f"Range: bytes=0-\r\nIf-Range: {TAG}\r\n")),
    "gzip": feed(get("/g/abc", "Accept-Encoding: deflate, gzip;q=0.5, *;q=0\r\n") +
                 get("/g/", "Accept-Encoding: identity;q=0, x;q=1.0\r\nRange: bytes=1-2\r\n") +
                 get("/g/abc", "Accept-Encoding: *;q=0\r\n")),
    # Known from the third on: 64 bytes, so that each comes whole.
    "known": feed(get("/c/abc", f"X: {'y' * 21}\r\n")) * 6 + step(TIME, 9) + feed(get("/c/abc", f"X: {'y' * 21}\r\n")),
    "known-but-a-field": feed(get("/c/abc", f"X: {'y' * 21}\r\n")) * 2 + feed(get("/c/abc", f"X: {'z' * 21}\r\n")) * 3,
    "pipelined": feed(get("/a") * 20),
    "upload-sized": feed(SIZED),
    "upload-sized-split": split(SIZED),
    "upload-chunked": feed(CHUNKED),
    "upload-chunked-split": split(CHUNKED),
    "upload-refused": feed(SIZED[:-5] + "!ello") + step(TIME, 10),
    "upload-late": feed(get("/u?late", "Content-Length: 1\r\n", method="POST") + "x") + step(WAKE),
    "expect": feed(get("/u", "Content-Length: 2\r\nExpect: 100-continue\r\n", method="POST")) +
    feed("ab"),
    "expectation": feed(get("/u", "Expect: more\r\n")),
    "too-large": feed(get("/u", "Content-Length: 9999\r\n", method="POST")),
    "smuggle": feed(get("/u", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", method="POST") +
                    "0\r\n\r\nX"),
    "chunked-stream": feed(get("/s")) + step(WAKE) * 8,
    "sized-stream": feed(get("/l", "Range: bytes=3-20\r\n")) + step(WAKE) * 8,
    "late": feed(get("/u?x")) + step(WAKE),
    "late-lost": feed(get("/u?x")) + step(END, 31),
    "too-late": feed(get("/u?x")) + step(TIME, 31) * 3,
    "slow-reader": feed(get("/a") * 10) + step(ROOM, 7) * 20 + step(END, 31),
    "slow-header": feed("GET / HTT") + step(TIME, 30),
    "slow-body": feed(SIZED[:-2]) + step(TIME, 31) * 3,
    "blank-lines": feed("\r\n\r\n" + get("/")),
    "long-target": feed("GET /" + "a" * 5000),
    "long-header": feed(get("/", "X: " + "v" * 4100)),
    "fields": feed(get("/", "X: y\r\n" * 60)),
    "tls": feed(bytes([22, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3])),
    "http2": feed("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "folded": feed(get("/", "X: y\r\n z\r\n")),
    "line-feeds": feed("GET / HTTP/1.1\nHost: a\n\n"),
    "half": feed(get("/")[:-3]) + step(END),
}

folder = pathlib.Path(__file__).parent / "corpus" / "http"
folder.mkdir(parents=True, exist_ok=True)
for name, steps in SEEDS.items():
    (folder / name).write_bytes(MORE + steps)
