#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the seeds of fuzz_usb to tests/fuzz/corpus/usb: devices as they should be, in its format."""

import pathlib
import struct

HERE = pathlib.Path(__file__).resolve().parent
FULL_SPEED = b"\x01"
FULL = 0xa0  # as many bytes as were asked for
AGAIN = b"\x80"
FRAME = bytes(12) + b"\x08\x00" + bytes(46)


def device(kind, configurations, vendor=0x525, product=0xa4a2):
    return struct.pack("<BBHBBBBHHHBBBB", 18, 1, 0x200, kind, 0, 0, 64, vendor, product, 0, 0, 0, 0, configurations)


def answer(data):
    return bytes([len(data)]) + data


def configuration(body, value):
    return struct.pack("<BBHBBBBB", 9, 2, 9 + len(body), 2, value, 0, 0xc0, 50) + body


ECM = configuration(bytes.fromhex(
    "090400000102060005" "0524001001" "0524060001" "0d240f0300000000ea05000000" "07058103100020"
    "09040100000a000000" "09040101020a000004" "07058202400000" "07050202400000"), 1)
RNDIS = configuration(bytes.fromhex("09040000010202ff06"), 2)
HUB = configuration(bytes.fromhex("090400000109000000" "0705810301000c"), 1)
HUB_DESCRIPTOR = bytes.fromhex("09290100000100")
LANGUAGES = bytes.fromhex("04030904")
MAC = b"\x1a\x03" + "400102030405".encode("utf-16-le")


def enumerated(*what):
    whole = device(*what)
    return answer(whole[:8]) + answer(whole)


def read(config):
    return answer(config[:9]) + answer(config)


ADAPTER = enumerated(2, 2) + read(RNDIS) + read(ECM) + answer(LANGUAGES) + answer(MAC)
PORT = answer(bytes.fromhex("01010000")) + answer(bytes.fromhex("03011000"))
LAN9514 = configuration(bytes.fromhex("0904000003ff00ff00" "07058202400000" "07050202400000" "07058103100004"), 1)
REGISTERS = answer(bytes(4)) * 24
PHY = answer(struct.pack("<I", 0x8000)) + answer(bytes(4)) * 2 + answer(struct.pack("<I", 4)) * 6
LAN_FRAME = answer(struct.pack("<IH", 64 << 16, 0) + FRAME + bytes(4))
LINK_DOWN = answer(bytes.fromhex("a100000000000000"))
CORPUS = {
    "adapter": FULL_SPEED + ADAPTER + AGAIN + answer(FRAME) + AGAIN + answer(FRAME),
    "notified": FULL_SPEED + ADAPTER + LINK_DOWN + answer(FRAME) + AGAIN + AGAIN,
    "behind-a-hub": FULL_SPEED + enumerated(9, 1) + read(HUB) + answer(HUB_DESCRIPTOR) + PORT + ADAPTER + AGAIN,
    "full": FULL_SPEED + ADAPTER + AGAIN + bytes([FULL]) + FRAME,
    "lan9514": FULL_SPEED + enumerated(0xff, 1, 0x424, 0xec00) + read(LAN9514) + REGISTERS + PHY + LAN_FRAME * 3,
    "ecm": ECM,
    "mac": "400102030405".encode("utf-16-le"),
}

folder = HERE / "corpus/usb"
folder.mkdir(parents=True, exist_ok=True)
for name, data in CORPUS.items():
    (folder / name).write_bytes(data)
