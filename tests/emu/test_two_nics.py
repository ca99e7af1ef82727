# SPDX-License-Identifier: ISC
"""apps/two-nics: two interfaces, one TCP and UDP over both, and nothing that passes from one to the other."""

import select
import socket
import time

import pytest

import netns
from guest import GUEST_ADDRESSES, ROOT, Guest

scapy = pytest.importorskip("scapy.all")

PORT = 7777
NAMES = ["outside", "inside"]
READY = "ready"
OWN_MAC = "02:00:00:00:00:01"
CONFIG = ROOT / "apps/two-nics/config.c"


@pytest.fixture
def two_networks():
    if not netns.available():
        pytest.skip("needs root and /dev/net/tun")
    with netns.Network(taps=2) as n:
        yield n


def told(address):
    with socket.create_connection(address, timeout=30) as s:
        line = b""
        while chunk := s.recv(100):
            line += chunk
    return line.decode()


def told_by_datagram(address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(30)
        s.connect(address)  # so that only an answer from there is taken
        s.send(b"where am I?")
        return s.recv(100).decode()


def each_answers_as_itself(guest, port=PORT):
    for card, name in enumerate(NAMES):
        assert told(guest.address(port, card=card)) == f"You are on {name}.\n"
        assert told_by_datagram(guest.address(port, "udp", card=card)) == f"You are on {name}.\n"


def test_each_card_answers_on_its_own_address(qemu_machine):
    with Guest(qemu_machine, "two-nics", tcp=(PORT,), udp=(PORT,), cards=2) as guest:
        guest.wait_for(READY)
        each_answers_as_itself(guest)


def test_each_tap_answers_on_its_own_address(two_networks, board):
    with Guest(board, "two-nics", args="--port=7000", tap=netns.TAPS) as guest:
        guest.wait_for(READY)
        each_answers_as_itself(guest, 7000)


def test_addresses_are_set_one_by_one(two_networks, board):
    with Guest(board, "two-nics", args="--inside-ipv4=10.0.3.99/24", tap=netns.TAPS) as guest:
        guest.wait_for(READY)
        assert told(guest.address(PORT)) == "You are on outside.\n"
        assert told(("10.0.3.99", PORT)) == "You are on inside.\n"


class Wire:
    """What passes over a tap, as raw frames."""

    def __init__(self, tap):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))  # ETH_P_ALL
        self.socket.bind((tap, 0))
        self.seen = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, frame):
        self.socket.send(bytes(frame))

    def take(self):
        """Takes what the guest has sent so far."""
        while select.select([self.socket], [], [], 0)[0]:
            data, where = self.socket.recvfrom(65536)
            if where[2] != socket.PACKET_OUTGOING:
                self.seen.append(scapy.Ether(data))

    def wait_for(self, wanted, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.take()
            if found := [f for f in self.seen if wanted(f)]:
                return found[0]
            time.sleep(0.02)
        raise AssertionError(f"no answer within {seconds} s; there were {self.seen}")


def who_has(address, asker):
    return scapy.Ether(src=OWN_MAC, dst="ff:ff:ff:ff:ff:ff") / scapy.ARP(
        op="who-has", hwsrc=OWN_MAC, psrc=asker, pdst=address)


def syn(mac, address, sender, source_port):
    return scapy.Ether(src=OWN_MAC, dst=mac) / scapy.IP(src=sender, dst=address) / scapy.TCP(
        sport=source_port, dport=PORT, flags="S", seq=1000)


def is_arp_of(address):
    return lambda frame: scapy.ARP in frame and frame[scapy.ARP].op == 2 and frame[scapy.ARP].psrc == address


def is_tcp_from(address):
    return lambda frame: scapy.TCP in frame and frame[scapy.IP].src == address


@pytest.mark.parametrize("card", [0, 1])
def test_no_interface_answers_for_the_other(two_networks, board, card):
    """Each question for the other's address is followed by the same for the own one, which is answered."""
    own, other = GUEST_ADDRESSES[card], GUEST_ADDRESSES[1 - card]
    neighbour = own.rsplit(".", 1)[0] + ".77"
    with Guest(board, "two-nics", tap=netns.TAPS) as guest, \
            Wire(netns.TAPS[card]) as wire, Wire(netns.TAPS[1 - card]) as other_wire:
        guest.wait_for(READY)
        wire.send(who_has(other, neighbour))
        wire.send(who_has(own, neighbour))
        mac = wire.wait_for(is_arp_of(own))[scapy.ARP].hwsrc
        wire.send(syn(mac, other, neighbour, 40001))
        wire.send(syn(mac, own, neighbour, 40002))
        answer = wire.wait_for(is_tcp_from(own))
        assert answer[scapy.TCP].flags == "SA" and answer[scapy.TCP].dport == 40002
        other_wire.take()
        seen = wire.seen + other_wire.seen
        assert not any(is_arp_of(other)(f) or is_tcp_from(other)(f) for f in seen)
        assert guest.alive()


def test_a_missing_card_is_named(each_machine):
    """The error names the interface and the line that asks for it."""
    line = next(n for n, text in enumerate(CONFIG.read_text().splitlines(), 1) if "netif(name)" in text)
    if each_machine == "host" and not netns.available():
        pytest.skip("the host board needs root for its tap")
    if each_machine == "host":
        with netns.Network(), Guest(each_machine, "two-nics", tap=netns.TAP) as guest:
            status = guest.wait_exit()
            console = guest.console()
    else:
        with Guest(each_machine, "two-nics", network=True) as guest:
            status = guest.wait_exit()
            console = guest.console()
    assert status == 1, console
    assert console.endswith(f"error: inside does not start: no such device (config.c:{line})\n")
    assert "-device virtio-net-" in console or "--tap=NAME" in console  # what would be right
    assert "outside does not start" not in console
