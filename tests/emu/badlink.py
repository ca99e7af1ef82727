# SPDX-License-Identifier: ISC
"""A bad link in a network namespace: tests/emu/linksim between Linux and an image.

    Linux, 10.0.2.2 - tap0 - linksim - tap1 - bridge - tap2 - the image, 10.0.2.15
"""

import contextlib
import signal
import subprocess

import netns
from guest import ROOT

INNER, GUEST_TAP, BRIDGE = "tap1", "tap2", "br0"
SOURCES = ["tests/emu/linksim/linksim.c", "tests/emu/linksim/options.c", "tests/fakes/link_wire.c"]
FLAGS = ["-std=gnu17", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-Werror", "-I."]


def build(folder):
    """Compiles the simulator; returns its path."""
    program = folder / "linksim"
    subprocess.run(["cc", *FLAGS, "-o", str(program), *SOURCES], cwd=ROOT, check=True)
    return str(program)


def add_inner_taps():
    netns.ip("link", "add", BRIDGE, "type", "bridge", "forward_delay", "0")
    for tap in (INNER, GUEST_TAP):
        netns.ip("tuntap", "add", "dev", tap, "mode", "tap")
        netns.ip("link", "set", tap, "master", BRIDGE, "up")
    netns.ip("link", "set", BRIDGE, "up")


@contextlib.contextmanager
def bad_link(linksim, *options):
    """The link in a namespace that is entered already; yields a dictionary that has its words after, and "process"."""
    add_inner_taps()
    said = {}
    process = subprocess.Popen([linksim, *options, netns.TAP, INNER], stdout=subprocess.PIPE, text=True)
    said["process"] = process
    try:
        assert process.stdout.readline() == "linksim: ready\n"
        yield said
    finally:
        process.send_signal(signal.SIGTERM)
        said["text"] = process.communicate(timeout=10)[0]
    assert process.returncode == 0
