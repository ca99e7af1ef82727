# SPDX-License-Identifier: ISC
"""Bulk transfers with Linux under each useful combination of offloads, of the device's and of Linux's own.

What arrives must be what was sent, whoever computes checksums and cuts or coalesces segments.
"""

import hashlib
import re
import socket
import subprocess

import pytest

import netns
from conftest import ALL_BOARDS, QEMU_BOARDS
from guest import Guest
from peers import MIB, echo_everything, pattern

ECHO, DISCARD, CHARGEN, HTTP = 7, 9, 19, 80
MSS = 1460
FRAME = 1514
BYTES = 16 * MIB

MODERN = ("-global", "virtio-mmio.force-legacy=false")
NO_COALESCING = {"guest_tso4": "off", "guest_tso6": "off", "guest_ecn": "off"}
NO_CUTTING = {"host_tso4": "off", "host_tso6": "off", "host_ecn": "off"}
#: What the device is without, or its options: properties of QEMU's virtio-net-device.
DEVICES = {
    "everything": {},
    "no coalescing": NO_COALESCING,
    "no merging": {"mrg_rxbuf": "off"},
    "no checksums in": {"guest_csum": "off"},
    "no checksums out": {"csum": "off"},
    "no cutting": NO_CUTTING,
    "no offloads": {"csum": "off", "guest_csum": "off", "mrg_rxbuf": "off", "gso": "off",
                    **NO_COALESCING, **NO_CUTTING},
    "no event index": {"event_idx": "off"},
    "no indirect tables": {"indirect_desc": "off"},
}
#: Of these the image must get coalesced segments.
COALESCING = {"everything", "no checksums out", "no cutting", "no event index", "no indirect tables"}
#: And it may leave the cutting of segments to the device.
CUTTING = {name for name in DEVICES if name not in ("no checksums out", "no cutting", "no offloads")}


def properties(device):
    return [word for name, value in device.items()
            for word in ("-global", f"virtio-net-device.{name}={value}")]


def frames_and_bytes(guest):
    """Frames that the guest has received, and the bytes of TCP in them."""
    page = guest.get("/metrics")[2].decode()
    return [sum(int(n) for n in re.findall(rf"^fata_{name}_total(?:{{.*}})? (\d+)$", page, re.M))
            for name in ("eth_frames_in", "tcp_bytes_in")]


def upload(address, size):
    """Sends, and waits until all of it has been received."""
    with socket.create_connection(address, timeout=60) as s:
        s.sendall(bytes(size))
        s.shutdown(socket.SHUT_WR)
        assert s.recv(1) == b""


def transfer(guest):
    """Bulk both ways; returns the mean length of the segments that came to the guest, and of frames that left it."""
    data = pattern(BYTES)
    total, digest = echo_everything(guest.address(ECHO), data)
    assert total == len(data)
    assert digest == hashlib.sha256(data).hexdigest()
    before = netns.received(netns.TAP)
    status, _, body = guest.get("/20mb.bin", timeout=60)
    out = [after - was for after, was in zip(netns.received(netns.TAP), before)]
    assert status == 200
    assert hashlib.sha256(body).hexdigest() == hashlib.sha256(chargen(20 * MIB)).hexdigest()
    frames, received = frames_and_bytes(guest)
    upload(guest.address(DISCARD), BYTES)
    more_frames, more_received = frames_and_bytes(guest)
    assert more_received - received >= BYTES
    return (more_received - received) / (more_frames - frames), out[0] / out[1]


def chargen(size):
    """What RFC 864 suggests: lines of 72 of the 95 printing characters, each beginning one further."""
    line = bytes(range(32, 127)) * 2
    text = b"".join(line[i:i + 72] + b"\r\n" for i in range(95))
    return (text * (size // len(text) + 1))[:size]


@pytest.mark.parametrize("modern", [False, True], ids=["legacy", "modern"])
@pytest.mark.parametrize("name", DEVICES)
def test_device_offloads(network, name, modern):
    extra = properties(DEVICES[name]) + list(MODERN if modern else ())
    with Guest("virt-aarch64", "services", tap=netns.TAP, extra=extra) as guest:
        guest.wait_for("ready")
        mean, mean_out = transfer(guest)
    assert (mean > 3 * MSS) if name in COALESCING else (mean <= MSS)
    assert (mean_out > 3 * MSS) if name in CUTTING else (mean_out <= FRAME)


@pytest.mark.parametrize("board", [b for b in QEMU_BOARDS if b != "virt-aarch64"])
def test_every_board_receives_coalesced_segments(network, board):
    with Guest(board, "services", tap=netns.TAP) as guest:
        guest.wait_for("ready")
        assert min(transfer(guest)) > 3 * MSS


@pytest.mark.parametrize("feature", ["tx", "sg", "tso", "rx", "gro"])
@pytest.mark.parametrize("board", ["host", "virt-aarch64"])
def test_offloads_of_linux(network, board, feature):
    """The tap's own: without `tx`, `sg` or `tso` Linux computes checksums, or cuts segments, itself."""
    with Guest(board, "services", tap=netns.TAP) as guest:
        guest.wait_for("ready")
        subprocess.run(["ethtool", "-K", netns.TAP, feature, "off"], check=True, capture_output=True)
        mean, mean_out = transfer(guest)
    assert mean_out > 3 * MSS
    assert (mean > 3 * MSS) == (feature in ("rx", "gro"))


@pytest.mark.parametrize("board", ALL_BOARDS)
def test_receive_goes_on_whatever_the_lengths(network, board):
    """Writes of all lengths, each of which the device delivers in another number of buffers."""
    data = pattern(200_000)
    with Guest(board, "services", tap=netns.TAP) as guest:
        guest.wait_for("ready")
        with socket.create_connection(guest.address(ECHO), timeout=30) as s:
            for length in [*range(1, 70_000, 1777), *range(60_000, 200_000, 13_331)]:
                s.sendall(data[:length])
                got = bytearray()
                while len(got) < length and (chunk := s.recv(length - len(got))):
                    got += chunk
                assert got == data[:length]
