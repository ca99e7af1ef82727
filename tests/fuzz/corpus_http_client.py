#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the seeds of fuzz_http_client to tests/fuzz/corpus/http_client: responses of each kind."""

import pathlib

FEED, FEED_MORE, CONNECT, ROOM, CALL, TIME, END, START = range(8)
GET, HEAD, POST, PUT, DELETE, PATCH = range(6)
UPLOAD, LARGE = 8, 16


def step(what, n=0):
    return bytes([what | n << 3])


def feed(text):
    """The text as steps: long segments, then the rest in one short one."""
    data = text.encode("latin-1")
    out = b""
    while len(data) >= 32:
        n = min(len(data) // 32, 32)
        out += step(FEED_MORE, n - 1) + data[:32 * n]
        data = data[32 * n:]
    return out + (step(FEED, len(data) - 1) + data if data else b"")


def split(text):
    return b"".join(feed(text[i:i + 7]) for i in range(0, len(text), 7))


def ok(fields="", body="", status="200 OK"):
    return f"HTTP/1.1 {status}\r\n{fields}\r\n{body}"


def sized(body):
    return ok(f"Content-Length: {len(body)}\r\n", body)


READ = step(CALL, 30) * 4
BEGIN = step(CONNECT, 1) + step(ROOM, 31)
CHUNKED = ok("Transfer-Encoding: chunked\r\n", "5;x=y\r\nhello\r\n3\r\nabc\r\n0\r\nT: v\r\n\r\n")
AGAIN = step(START, 0) + step(ROOM, 31)
SEEDS = {
    "sized": (GET, feed(sized("hello")) + READ),
    "sized-split": (GET, split(sized("hello")) + READ),
    "sized-slowly": (GET, feed(sized("hello")) + step(CALL, 2) * 9),
    "empty": (GET, feed(sized("")) + READ),
    "chunked": (GET, feed(CHUNKED) + READ),
    "chunked-split": (GET, split(CHUNKED) + READ),
    "until-close": (GET, feed(ok("", "hello")) + READ + step(END) + READ),
    "http10": (GET, feed("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx") + READ),
    "head": (HEAD, feed(ok("Content-Length: 5\r\n")) + READ),
    "not-modified": (GET, feed(ok("", "", "304 Not Modified")) + READ),
    "interim": (GET, feed(ok("", "", "103 Early Hints") + sized("x")) + READ),
    "switching": (GET, feed(ok("", "", "101 Switching Protocols"))),
    "both-framings": (GET, feed(ok("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")) + READ),
    "two-lengths": (GET, feed(ok("Content-Length: 5\r\nContent-Length: 6\r\n", "hello!")) + READ),
    "too-long": (GET, feed(ok("Content-Length: 5000\r\n"))),
    "long-header": (GET, feed(ok("X: " + "v" * 1500 + "\r\n"))),
    "kept": (GET, feed(sized("x")) + READ + AGAIN + feed(sized("y")) + READ),
    "kept-then-lost": (GET, feed(sized("x")) + READ + AGAIN + step(END, 31) + BEGIN + feed(sized("y")) + READ),
    "unasked": (GET, feed(sized("x")) + READ + step(START, 1) + feed(sized("y"))),
    "redirect": (GET, feed(ok("Location: ../q?r#s\r\nContent-Length: 0\r\n", "", "302 Found")) + feed(sized("x")) +
                 READ),
    "redirect-away": (GET, feed(ok("Location: http://b.test:81/x\r\nContent-Length: 0\r\n", "", "307 x")) + BEGIN +
                      feed(sized("x")) + READ),
    "redirect-loop": (GET, feed(ok("Location: ?x\r\nContent-Length: 0\r\n", "", "301 x") * 7) + READ),
    "see-other": (POST | LARGE, feed(ok("Location: /x\r\nContent-Length: 0\r\n", "", "303 x")) + BEGIN +
                  feed(sized("x")) + READ),
    "post": (POST, feed(sized("x")) + READ),
    "post-large": (2 | LARGE, step(TIME, 3) + step(ROOM, 31) + feed(sized("x")) + READ),
    "upload": (PUT | UPLOAD, step(CALL, 30) * 10 + feed(sized("x")) + READ),
    "upload-chunked": (14 | LARGE, feed(ok("", "", "100 Continue")) + step(CALL, 30) * 10 + feed(sized("x")) + READ),
    "upload-slowly": (14 | LARGE, step(TIME, 3) + (step(CALL, 20) + step(ROOM, 3)) * 40 + feed(sized("x")) + READ),
    "upload-refused": (14 | LARGE, feed(ok("Content-Length: 2\r\n", "no", "413 x")) + READ),
    "two-calls": (GET, step(START, 3) + step(CONNECT, 1) + step(ROOM, 31) + feed(sized("x")) + step(CALL, 31) * 2),
    "refused": (GET, step(END)),
    "silence": (GET, step(CALL) + step(TIME, 31) * 4),
    "blank": (GET, feed("\r\n" + sized("x"))),
    "line-feeds": (GET, feed("HTTP/1.1 200 OK\n\n")),
    "folded": (GET, feed(ok("X: y\r\n z\r\n"))),
    "html": (GET, feed("<html>\r\n")),
    "half": (GET, feed("HTTP/1.1 200 OK\r\nContent-") + step(END)),
}

folder = pathlib.Path(__file__).parent / "corpus" / "http_client"
folder.mkdir(parents=True, exist_ok=True)
for name, (kind, steps) in SEEDS.items():
    (folder / name).write_bytes(bytes([kind]) + (step(CONNECT, 31) if name == "refused" else BEGIN) + steps)
