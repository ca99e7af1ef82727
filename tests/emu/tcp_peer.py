# SPDX-License-Identifier: ISC
"""Linux as the peer of an image's TCP: what either knows of a connection, a peer that falls silent, forged segments."""

import contextlib
import ctypes
import re
import socket
import struct
import subprocess
import time

import netns

ECHO, PLAIN, DISCARD, SOURCE, HTTP = 7, 8, 9, 19, 80  # of tests/emu/apps/options
SO_ATTACH_FILTER, SO_DETACH_FILTER = 26, 27
TIMEOUT_S = 30


def set_sysctl(name, value):
    subprocess.run(["sysctl", "-qw", f"net.ipv4.{name}={value}"], check=True)


def socket_info(s):
    """What `ss` says of a connection: its words, and a dictionary of those that have a value."""
    done = subprocess.run(["ss", "-tinoH", "sport", "=", f":{s.getsockname()[1]}"], check=True, capture_output=True,
                          text=True)
    words = done.stdout.split()
    return words, dict(word.split(":", 1) for word in words if ":" in word)


def eventually(condition, timeout=TIMEOUT_S):
    """Waits until it is true of something; returns that."""
    deadline = time.monotonic() + timeout
    while not (found := condition()):
        assert time.monotonic() < deadline, "that did not come about"
        time.sleep(0.002)
    return found


class Counters:
    """A page of counters, as it was."""

    def __init__(self, guest):
        status, _, page = guest.get("/metrics", port=HTTP)
        assert status == 200
        self.page = page.decode()

    def total(self, name):
        return int(re.search(rf"^fata_tcp_{name}_total{{.*}} (\d+)$", self.page, re.M)[1])

    def drops(self, reason):
        return int(re.search(rf'^fata_tcp_drops_total{{.*reason="{reason}".*}} (\d+)$', self.page, re.M)[1])

    def of(self, s):
        """What the guest knows of the connection whose other end is `s`; nothing if there is none."""
        host, port = s.getsockname()
        found = re.findall(rf'^fata_tcp_(\w+){{.*remote="{re.escape(host)}:{port}".*}} ([\d.]+)$', self.page, re.M)
        return {name: float(value) for name, value in found}


@contextlib.contextmanager
def silent(s):
    """While it lasts Linux hears nothing on this connection, so it answers nothing; what it says still goes out."""
    nothing = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))  # BPF: return 0
    s.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HP", 1, ctypes.addressof(nothing)))
    try:
        yield
    finally:
        s.setsockopt(socket.SOL_SOCKET, SO_DETACH_FILTER, 0)


def receive(s, size):
    data = bytearray()
    while len(data) < size and (chunk := s.recv(min(1 << 16, size - len(data)))):
        data += chunk
    return bytes(data)


def pattern(size):
    """What port 19 sends."""
    return (bytes(range(251)) * (size // 251 + 1))[:size]


def connect(guest, port):
    s = socket.create_connection(guest.address(port), timeout=TIMEOUT_S)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


class Wire:
    """The tap, to forge segments of the connection whose Linux end is `s`. Needs scapy."""

    def __init__(self, s, tap=netns.TAP):
        self.s = s
        self.raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.raw.bind((tap, 0))
        self.raw.settimeout(TIMEOUT_S)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.raw.close()

    def last_of_linux(self, said):
        """Has Linux say something, and returns the frame in which it does."""
        from scapy.all import TCP, Ether
        self.s.sendall(said)
        while True:
            frame = Ether(self.raw.recv(1 << 17))
            if TCP in frame and frame[TCP].sport == self.s.getsockname()[1] and bytes(frame[TCP].payload) == said:
                return frame

    def forge(self, like, payload=b"", ts=None, **fields):
        """Sends a segment like that one, which begins so many bytes behind its end as `behind` says."""
        from scapy.all import IP, TCP
        frame = like.copy()
        tcp = frame[TCP]
        tcp.seq = (tcp.seq + len(tcp.payload) + fields.pop("behind", 0)) % (1 << 32)
        for name, value in fields.items():
            setattr(tcp, name, value)
        if ts is not None:
            was = dict(tcp.options)["Timestamp"]
            tcp.options = [("NOP", None), ("NOP", None), ("Timestamp", ((was[0] + ts) % (1 << 32), was[1]))]
        tcp.remove_payload()
        frame = frame / payload
        del frame[IP].len, frame[IP].chksum, frame[TCP].chksum
        self.raw.send(bytes(frame))
