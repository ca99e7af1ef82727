#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the files of a folder as an assembly file for storage/embedded.

    tools/embed.py --name embedded_files --output embedded.S FOLDER

The output is for the C preprocessor and GNU as on any of the architectures. It takes the bytes by
.incbin with paths that begin with FOLDER as it was given, so assemble it where this ran. It depends
on nothing but FOLDER, the names and the contents; the layout is that of storage/embedded/embedded.h.

With --gzip, a file that shrinks enough is there once more, as NAME.gz and compressed, unless the
folder has a file of that name: what http_serve_kv_gzip() serves.
"""

import argparse
import hashlib
import os
import re
import struct
import sys
import zlib

# What needs no escaping in a URL, in a shell or in this assembly file.
NAME = re.compile(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")
SYMBOL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
FILE_BYTES_MAX = 1 << 30
NAME_BYTES_MAX = 255  # KV_KEY_BYTES_MAX of hal/kv.h
# What the compressed form must save: more than the fields that tell of it, and enough to be worth
# its place in the image.
GZIP_SAVED_BYTES, GZIP_SAVED_PERCENT = 256, 10

# Media types by suffix (RFC 9110 section 8.3.1).
TEXT = "; charset=utf-8"
TYPES = {
    "avif": "image/avif",
    "css": "text/css" + TEXT,
    "csv": "text/csv" + TEXT,
    "gif": "image/gif",
    "gz": "application/gzip",
    "htm": "text/html" + TEXT,
    "html": "text/html" + TEXT,
    "ico": "image/x-icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "js": "text/javascript" + TEXT,
    "json": "application/json",
    "map": "application/json",
    "md": "text/markdown" + TEXT,
    "mjs": "text/javascript" + TEXT,
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain" + TEXT,
    "wasm": "application/wasm",
    "webm": "video/webm",
    "webmanifest": "application/manifest+json",
    "webp": "image/webp",
    "woff2": "font/woff2",
    "xml": "text/xml" + TEXT,
    "zip": "application/zip",
}
UNKNOWN_TYPE = "application/octet-stream"

BEGIN = """\
/* Written by tools/embed.py; the layout is that of storage/embedded/embedded.h. */

	.section .rodata.{name}, "a", %progbits
	.balign 16
	.type {name}_bytes, %object
{name}_bytes:
.Ltable:
	.4byte {count}, 0
"""
ENTRY = """\
	.8byte {version:#018x} /* {file} */
	.4byte .Lname{i} - .Ltable, .Lname{i}_end - .Lname{i}
	.4byte .Ldata{i} - .Ltable, .Ldata{i}_end - .Ldata{i}
	.4byte .Ltype{type} - .Ltable, 0
"""
TYPE = """\
.Ltype{i}:
	.asciz "{type}"
"""
NAME_BYTES = """\
.Lname{i}:
	.ascii "{file}"
.Lname{i}_end:
"""
DATA_BYTES = """\
	.balign 16
.Ldata{i}:
{data}
.Ldata{i}_end:
"""
END = """\
	.size {name}_bytes, . - {name}_bytes

	.section .data.{name}, "aw", %progbits
	.balign __SIZEOF_POINTER__
	.globl {name}
	.type {name}, %object
{name}:
#if __SIZEOF_POINTER__ == 8
	.8byte embedded_kv_ops, .Ltable
#else
	.4byte embedded_kv_ops, .Ltable
#endif
	.size {name}, . - {name}

#ifdef __ELF__
	.section .note.GNU-stack, "", %progbits
#endif
"""


class Refusal(Exception):
    """What is wrong, for the person who called."""


def find_files(folder):
    """The names of all files below the folder, with '/', sorted by their bytes."""
    if not os.path.isdir(folder):
        raise Refusal(f"{folder} is not a folder")
    names = []
    for where, folders, files in os.walk(folder):
        folders.sort()
        for file in files:
            path = os.path.join(where, file)
            name = os.path.relpath(path, folder).replace(os.sep, "/")
            if not NAME.fullmatch(name):
                raise Refusal(f"{path}: the name of an embedded file may hold letters, digits, "
                              "'.', '_' and '-' only: rename it or move it out of the folder")
            if len(name) > NAME_BYTES_MAX:
                raise Refusal(f"{path}: its path below {folder} has {len(name)} bytes; "
                              f"{NAME_BYTES_MAX} are the limit: shorten it")
            if not os.path.isfile(path):
                raise Refusal(f"{path} is not a regular file")
            if os.path.getsize(path) > FILE_BYTES_MAX:
                raise Refusal(f"{path} is larger than 1 GiB")
            names.append(name)
    return sorted(names, key=str.encode)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def version_of(data):
    """A hash of the contents in 64 bits; 0 would mean that there is none."""
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big") or 1


def type_of(file):
    """The media type of a file, by what follows the last dot of its name."""
    _, dot, suffix = file.rpartition("/")[2].rpartition(".")
    return TYPES.get(suffix.lower(), UNKNOWN_TYPE) if dot else UNKNOWN_TYPE


def gzip(data):
    """A gzip member (RFC 1952) without time, name or system: the same for the same bytes."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9)
    body = deflate.compress(data) + deflate.flush()
    return (b"\x1f\x8b\x08" + bytes(5) + b"\x02\xff" + body +
            struct.pack("<II", zlib.crc32(data), len(data)))


def gzip_if_smaller(data):
    """The compressed form, or None if it does not save enough."""
    small = gzip(data)
    saved = len(data) - len(small)
    enough = max(GZIP_SAVED_BYTES, len(data) * GZIP_SAVED_PERCENT // 100)
    return small if saved >= enough else None


def byte_lines(data):
    return "\n".join("\t.byte " + ",".join(map(str, data[at:at + 32]))
                     for at in range(0, len(data), 32))


def entries(folder, compress):
    """What the store holds: (name, version, the assembly's lines for the bytes)."""
    files = find_files(folder)
    for file in files:
        path = f"{folder.rstrip('/')}/{file}"
        data = read(path)
        yield file, version_of(data), f'\t.incbin "{path}"'
        small = gzip_if_smaller(data) if compress and f"{file}.gz" not in files else None
        if small is not None:
            yield f"{file}.gz", version_of(small), byte_lines(small)


def assembly(name, folder, compress=False):
    """The text of the assembly file."""
    if not SYMBOL.fullmatch(name):
        raise Refusal(f"{name!r} is no name for a symbol")
    if not re.fullmatch(r"[^\"\\\n]+", folder):
        raise Refusal(f"{folder!r}: quotes and backslashes in the folder's name would need escapes")
    files = sorted(entries(folder, compress), key=lambda entry: (len(entry[0]), entry[0].encode()))
    types = sorted({type_of(file) for file, _, _ in files})
    table = [ENTRY.format(i=i, file=file, version=version, type=types.index(type_of(file)))
             for i, (file, version, _) in enumerate(files)]
    names = [NAME_BYTES.format(i=i, file=file) for i, (file, _, _) in enumerate(files)]
    data = [DATA_BYTES.format(i=i, data=lines) for i, (_, _, lines) in enumerate(files)]
    texts = [TYPE.format(i=i, type=text) for i, text in enumerate(types)]
    return "".join([BEGIN.format(name=name, count=len(files)), *table, *names, *texts, *data,
                    END.format(name=name)])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--name", required=True, help="the symbol, a struct embedded_files")
    parser.add_argument("--output", required=True, metavar="FILE.S")
    parser.add_argument("--gzip", action="store_true",
                        help="add NAME.gz for each file that shrinks enough")
    parser.add_argument("folder")
    args = parser.parse_args()
    try:
        text = assembly(args.name, args.folder, args.gzip)
        with open(args.output, "w", encoding="ascii") as f:
            f.write(text)
    except (Refusal, OSError) as e:
        sys.exit(f"embed: {e}")


if __name__ == "__main__":
    main()
