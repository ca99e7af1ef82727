# SPDX-License-Identifier: ISC
"""What the tests of `fata deploy` share: images, waiting, and words that are code somewhere."""

import functools
import http.client
import subprocess
import sys
import time
import xml.etree.ElementTree

from fata import ROOT, make

sys.path.insert(0, str(ROOT / "tools"))
import emulator  # noqa: E402,F401

QEMU_BOARDS = ["virt-aarch64", "virt-arm", "microvm", "q35"]
START_TIMEOUT_S = 60
#: A name and a greeting that are code in one language or another.
ODD_NAME = """a"b$(id)'c<&>,d%n ${HOME}\\"""
ODD_WORD = "$(id)'c<&>%h,${HOME};`id`\\"


@functools.cache
def image(board, app):
    """The folder of an image in the tree."""
    make(f"BOARD={board}", f"APP={app}", "all")
    return ROOT / "build" / board / app


def wait_until(what, seconds=START_TIMEOUT_S):
    """The first true value of what()."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = what()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


def status_of_get(port):
    """The status of GET /, None if nobody answers."""
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        c.request("GET", "/")
        return c.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        c.close()


def must(*words, **options):
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False, **options)
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def xml_of(text):
    return xml.etree.ElementTree.fromstring(text)
