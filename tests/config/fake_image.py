# SPDX-License-Identifier: ISC
"""Image files made by hand: ELF with a manifest and an argument block, good or damaged."""

import json
import struct

MAGIC = b"FataArgs"


def manifest(**changes):
    """The manifest of a small web server, with members replaced or, by None, removed."""
    text = {
        "fata": "0.1", "name": "web", "board": "virt-arm", "arch": "armv7a",
        "devices": [
            {"name": "net0", "kind": "net", "signature": "netif", "about": "network interface 0 of the board",
             "where": "config.c:5", "uses": [], "ram_bytes": 294912},
            {"name": "tcp0", "kind": "tcp", "signature": "tcp", "about": "TCP (RFC 9293), 64 connections",
             "where": "config.c:7", "uses": ["net0"], "ram_bytes": 32768},
        ],
        "keys": [
            {"name": "port", "type": "u16", "stage": "boot", "value": "80", "min": 1, "max": 65535,
             "help": "TCP port to serve on", "where": "config.c:8"},
            {"name": "greeting", "type": "string", "stage": "boot", "value": "hello", "min": 0, "max": 0,
             "help": "what to say", "where": "config.c:9"},
            {"name": "quiet", "type": "bool", "stage": "boot", "value": "false", "min": 0, "max": 0,
             "help": "say nothing", "where": "config.c:10"},
            {"name": "source", "type": "enum", "stage": "boot", "value": "tar", "min": 0, "max": 0,
             "help": "where pages come from", "words": "embedded|tar|fat", "where": "config.c:11"},
            {"name": "dns", "type": "list", "stage": "boot", "value": "", "min": 0, "max": 0,
             "help": "name servers", "of": "ipv4", "count_max": 2, "where": "config.c:12"},
            {"name": "tls", "type": "bool", "stage": "build", "value": "true", "min": 0, "max": 0,
             "help": "encrypt", "where": "config.c:13"},
        ],
        "jobs": [{"function": "web_start", "arguments": ["tcp0", "port"]}],
        "ports": [{"protocol": "tcp", "port": 80, "key": "port", "service": "http"}],
        "netifs": 1, "modules": ["base", "net/tcp"], "argument_block_bytes": 64, "ram_bytes": 327680,
        "machine": {"qemu": "qemu-system-arm", "machine": "-machine virt", "machine_kvm": "",
                    "kernel": ".img", "devices": "", "net": "virtio-net-device", "exit": "",
                    "exit_is_odd": "", "memory": "128M", "cross": "arm-none-eabi-"},
    }
    text.update(changes)
    return json.dumps({name: value for name, value in text.items() if value is not None}).encode()


def block(text=b"", capacity=64, length=None, zero=0):
    return MAGIC + struct.pack("<HHI", capacity, len(text) if length is None else length, zero) + \
        text.ljust(capacity, b"\0")


def note(descriptor, owner=b"Fata\0", kind=1, size=None):
    return struct.pack("<III", len(owner), len(descriptor) if size is None else size, kind) + \
        owner.ljust(-len(owner) % 4 + len(owner), b"\0") + \
        descriptor.ljust(-len(descriptor) % 4 + len(descriptor), b"\0")


def elf(content=None, notes=None, bits=32):
    """An ELF of one loaded segment, which holds `content`, and one section of notes."""
    content = block() if content is None else content
    notes = note(manifest()) if notes is None else notes
    if bits == 32:
        header_bytes, segment_bytes, section_bytes, machine = 52, 32, 40, 40
        segment = struct.pack("<8I", 1, 84, 0x40008000, 0x40008000, len(content), len(content) + 4096, 5, 4)
        at = header_bytes + segment_bytes
        sections = struct.pack("<10I", *[0] * 10) + \
            struct.pack("<10I", 0, 7, 0, 0, at + len(content), len(notes), 0, 0, 4, 0)
        tail = struct.pack("<IIIIHHHHHH", 0x40008000, header_bytes, at + len(content) + len(notes), 0,
                           header_bytes, segment_bytes, 1, section_bytes, 2, 0)
    else:
        header_bytes, segment_bytes, section_bytes, machine = 64, 56, 64, 183
        segment = struct.pack("<2I6Q", 1, 5, 120, 0x40080000, 0x40080000, len(content),
                              len(content) + 4096, 4)
        at = header_bytes + segment_bytes
        sections = bytes(64) + struct.pack("<2I4Q2I2Q", 0, 7, 0, 0, at + len(content), len(notes), 0, 0, 4, 0)
        tail = struct.pack("<QQQIHHHHHH", 0x40080000, header_bytes, at + len(content) + len(notes), 0,
                           header_bytes, segment_bytes, 1, section_bytes, 2, 0)
    ident = b"\x7fELF" + bytes([1 if bits == 32 else 2, 1, 1]) + bytes(9)
    return ident + struct.pack("<HHI", 2, machine, 1) + tail + segment + content + notes + sections
