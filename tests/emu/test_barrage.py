# SPDX-License-Identifier: ISC
"""Malformed packets by the thousand, straight onto the guest's wire; then it must still serve.

Needs root: raw frames are sent through a tap in a network namespace of the test's own.
"""

import random
import re
import socket
import struct
import threading
import time

import pytest

import netns
from guest import GUEST_ADDRESS, ROOT, Guest

scapy = pytest.importorskip("scapy.all")

PAGE = (ROOT / "apps/web/htdocs/index.html").read_bytes()
GUEST_IPV6 = "fd00::2"
FRAMES = 20_000
SEED = 20231


def guest_mac():
    """Asks the guest for its address the ordinary way and reads it from the neighbour table."""
    import json
    import subprocess
    socket.create_connection((GUEST_ADDRESS, 80), timeout=30).close()
    out = subprocess.run(["ip", "-json", "neighbour", "show", GUEST_ADDRESS], capture_output=True,
                         text=True, check=True).stdout
    return json.loads(out)[0]["lladdr"]


def well_formed(mac, rng):
    """One frame of each kind that the stack understands, as a starting point for damage."""
    eth = scapy.Ether(dst=mac, src="02:00:00:00:00:01")
    ip = scapy.IP(src=f"10.0.2.{rng.randrange(3, 14)}", dst=GUEST_ADDRESS, id=rng.randrange(65536))
    tcp = scapy.TCP(sport=rng.randrange(1024, 65536), dport=80, seq=rng.randrange(1 << 32),
                    ack=rng.randrange(1 << 32), flags=rng.randrange(512), window=rng.randrange(65536))
    data = rng.randbytes(rng.choice([0, 1, 7, 100, 1000]))
    kind = rng.choice([
        lambda: eth / scapy.ARP(op=rng.randrange(4), psrc="10.0.2.9", pdst=GUEST_ADDRESS),
        lambda: eth / ip / scapy.ICMP(type=rng.randrange(20), code=rng.randrange(6)) / data,
        lambda: eth / ip / scapy.ICMP(type=3, code=rng.randrange(16)) / bytes(
            scapy.IP(src=GUEST_ADDRESS, dst="10.0.2.2") / scapy.TCP(sport=80))[:28 + rng.randrange(8)],
        lambda: eth / ip / scapy.UDP(sport=rng.randrange(65536), dport=rng.choice([7, 9, 53, 65535])) / data,
        lambda: eth / ip / tcp / data,
        lambda: eth / ip / scapy.TCP(sport=rng.randrange(1024, 65536), dport=80, flags="S",
                                     options=[("MSS", rng.randrange(65536)), ("WScale", rng.randrange(256))]),
        lambda: eth / scapy.IP(src="10.0.2.9", dst=GUEST_ADDRESS, flags="MF", frag=rng.randrange(8192)) / data,
        lambda: eth / scapy.IP(src="10.0.2.9", dst=GUEST_ADDRESS, ihl=rng.randrange(16)) / rng.randbytes(60),
    ])
    return bytes(kind())


def damaged(frame, rng):
    """A frame with some of it cut off, overwritten or doubled."""
    frame = bytearray(frame)
    for _ in range(rng.randrange(4)):
        kind = rng.randrange(4)
        at = rng.randrange(12, len(frame)) if len(frame) > 13 else 0
        if kind == 0:
            del frame[at:]
        elif kind == 1 and at:
            frame[at] = rng.randrange(256)
        elif kind == 2 and at and len(frame) >= at + 2:
            struct.pack_into(">H", frame, at & ~1, rng.choice([0, 1, 0x7fff, 0x8000, 0xffff]))
        else:
            frame += rng.randbytes(rng.randrange(64))
    return bytes(frame[:1514])


def send_barrage(mac, base, count, rng):
    head = bytes.fromhex(mac.replace(":", "")) + bytes.fromhex("020000000001")
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as raw:
        raw.bind((netns.TAP, 0))
        for i in range(count):
            if i % 10 == 0:
                frame = head + rng.randbytes(rng.randrange(1500))
            else:
                frame = damaged(rng.choice(base), rng)
            try:
                raw.send(frame)
            except OSError:  # shorter than a header, or the queue is full: the wire's business
                continue


def test_still_serves_after_a_barrage(network, board):
    with Guest(board, "web", tap=netns.TAP) as guest:
        guest.wait_for("ready")
        mac, rng = guest_mac(), random.Random(SEED)
        base = [well_formed(mac, rng) for _ in range(300)]
        for _ in range(4):
            send_barrage(mac, base, FRAMES // 4, rng)
            assert guest.get("/")[2] == PAGE
        assert guest.alive()


def address(v6, number):
    """One of the link's; by IPv6 of more than a neighbour table holds a hundred times."""
    return f"fd00::abcd:{number:x}" if v6 else f"10.0.2.{20 + number % 230}"


def flood(mac, v6, per_s, over, sent):
    """
    SYNs from addresses that never answer, more than any table holds, until it is `over`; and not faster than said, nor
    than they find room on the wire: a slow guest's queue would be full of them, and drop others whatever it does.
    """
    rng = random.Random(SEED)
    ip, guest = (scapy.IPv6, GUEST_IPV6) if v6 else (scapy.IP, GUEST_ADDRESS)
    syns = [bytes(scapy.Ether(dst=mac, src="02:00:00:00:00:99") / ip(src=address(v6, rng.randrange(4096)), dst=guest)
                  / scapy.TCP(sport=rng.randrange(1024, 65536), dport=80, flags="S",
                              seq=rng.randrange(1 << 32))) for _ in range(1000)]
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as raw:
        raw.bind((netns.TAP, 0))
        due, lost = time.monotonic(), netns.dropped(netns.TAP)
        while not over.is_set():
            for syn in syns[:100]:
                raw.send(syn)
            syns = syns[100:] + syns[:100]
            sent.append(100)
            if (now_lost := netns.dropped(netns.TAP)) > lost:
                lost, per_s = now_lost, max(per_s / 2, 100)
            due += 100 / per_s
            time.sleep(max(due - time.monotonic(), 0))


def cookies(guest, what):
    page = guest.get("/metrics")[2].decode()
    return int(re.search(rf"^fata_tcp_cookies_{what}_total{{.*}} (\d+)$", page, re.M)[1])


def get_page(v6):
    with socket.create_connection((GUEST_IPV6 if v6 else GUEST_ADDRESS, 80), timeout=30) as s:
        s.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        return b"".join(iter(lambda: s.recv(65536), b"")).partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("v6", [False, True], ids=["ipv4", "ipv6"])
def test_serves_promptly_during_a_syn_flood(network, board, v6):
    """A client whose SYN is dropped waits for a second, and then asks again."""
    netns.ip("-6", "address", "add", "fd00::1/64", "dev", netns.TAP, "nodad")
    with Guest(board, "web", args=f"--ipv6={GUEST_IPV6}/64", tap=netns.TAP) as guest:
        guest.wait_for("ready")
        guest.wait_for(f"{GUEST_IPV6}/64")
        over, sent, requests = threading.Event(), [], 0
        attack = threading.Thread(target=flood, args=(guest_mac(), v6, 3_000, over, sent))
        attack.start()
        try:
            again = netns.syns_sent_again()
            end = time.monotonic() + 60
            while (sum(sent) < 10_000 or requests < 100) and time.monotonic() < end:
                assert get_page(v6) == PAGE
                requests += 1
                time.sleep(0.01)  # the processor is the guest's
            again = netns.syns_sent_again() - again
        finally:
            over.set()
            attack.join()
        assert requests > 10 and again <= requests // 20, (requests, again, sum(sent))
        assert sum(sent) >= 10_000
        assert cookies(guest, "sent") > 100
        assert cookies(guest, "taken") > 0  # while no entry was free
        assert guest.get("/")[2] == PAGE
