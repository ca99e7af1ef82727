#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the seeds of fuzz_tar to tests/fuzz/corpus/tar."""

import io
import pathlib
import tarfile

HERE = pathlib.Path(__file__).resolve().parent
ON_DISK, SEAL, BIG = 1, 2, 4


def archive(form, *members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as t:
        for name, data, extra in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            info.mtime = 1700000000
            for key, value in extra.items():
                setattr(info, key, value)
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()[:4096 + 1024]


FEW = (("index.html", b"Hello.\n", {}), ("img/logo.svg", b"x" * 600, {}), ("img", b"", {"type": tarfile.DIRTYPE}))
LONG = (("d/" + "n" * 200, b"long\n", {}), ("a", b"1", {}))
LINKS = (("a", b"one", {}), ("b", b"", {"type": tarfile.LNKTYPE, "linkname": "a"}),
         ("c", b"", {"type": tarfile.SYMTYPE, "linkname": "a"}), ("a", b"two", {}))
PAX = (("a", b"one", {"pax_headers": {"comment": "c" * 40, "mtime": "1700000000.5"}}), ("\u00e4", b"umlaut", {}))
CORPUS = {
    "ustar": bytes([SEAL]) + archive(tarfile.USTAR_FORMAT, *FEW),
    "ustar-disk": bytes([SEAL | ON_DISK]) + archive(tarfile.USTAR_FORMAT, *FEW),
    "gnu-long": bytes([SEAL]) + archive(tarfile.GNU_FORMAT, *LONG),
    "pax-long": bytes([SEAL | ON_DISK]) + archive(tarfile.PAX_FORMAT, *LONG),
    "pax": bytes([SEAL]) + archive(tarfile.PAX_FORMAT, *PAX),
    "links": bytes([SEAL | ON_DISK | BIG]) + archive(tarfile.GNU_FORMAT, *LINKS),
    "unsealed": bytes([0]) + archive(tarfile.GNU_FORMAT, *FEW),
    "empty": bytes([0]),
}

if __name__ == "__main__":
    folder = HERE / "corpus" / "tar"
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in CORPUS.items():
        (folder / name).write_bytes(data)
