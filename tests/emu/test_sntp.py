# SPDX-License-Identifier: ISC
"""The time of day, from a scripted NTP server over a tap."""

import datetime
import re
import socket
import struct
import subprocess
import threading
import time

import netns
from conftest import PROTOCOL_BOARDS, QEMU_BOARDS, on
from guest import Guest

board = on(PROTOCOL_BOARDS)
qemu_board = on([b for b in PROTOCOL_BOARDS if b in QEMU_BOARDS])

YEAR_S = 365 * 86400
FROM_1900_S = 2208988800


def timestamp(seconds):
    return struct.pack(">II", int(seconds + FROM_1900_S) % 2**32, int(seconds % 1 * 2**32))


class Server:
    """Answers each request by the next of `script`, functions of (request, its time), then no more."""

    def __init__(self, *script, address=netns.HOST_ADDRESS):
        self.script = list(script)
        self.requests = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 123))
        self.socket.settimeout(0.1)
        self.thread = threading.Thread(target=self.serve)
        self.over = False

    def serve(self):
        while not self.over:
            try:
                request, peer = self.socket.recvfrom(1000)
            except TimeoutError:
                continue
            self.requests.append((time.time(), request, peer))
            answer = self.script.pop(0)(request, time.time()) if self.script else None
            if answer is not None:
                self.socket.sendto(answer, peer)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over = True
        self.thread.join()
        self.socket.close()


def good(ahead_s=YEAR_S):
    """A server whose clock is ahead, so that the answer is not what the board's clock says."""
    def answer(request, now):
        then = timestamp(now + ahead_s)
        return struct.pack(">BBBbIII", 0x24, 2, 6, -20, 0x100, 0x100, 0x7f000001) + then + request[40:48] + then + then
    return answer


def kiss(code):
    return lambda request, _: struct.pack(">BBBbII4s", 0xe4, 0, 6, 0, 0, 0, code) + bytes(8) + request[40:48] + bytes(16)


def forged(request, now):
    """An answer without the number of the request."""
    return good()(request[:40] + bytes(8), now)


def silent(*_):
    return None


def told(console, what):
    """How far the guest's clock is from this machine's, in seconds."""
    text = re.search(rf"{what} (\S+)Z", console)[1]
    then = datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc)
    return then.timestamp() - time.time()


def booted(board, args=""):
    return Guest(board, "sntp", tap=netns.TAP, args=args)


def test_sets_the_clock(board, network):
    assert network is not None
    with Server(good()) as server, booted(board, f"--ntp={netns.HOST_ADDRESS}") as guest:
        console = guest.wait_for("answered")
        assert abs(told(console, "before")) < 60
        assert abs(told(console, "answered") - YEAR_S) < 20
        assert "server 10.0.2.2 says" in console
        _, request, peer = server.requests[0]
        assert (len(request), request[0], request[1:40]) == (48, 0x23, bytes(39))
        assert peer[1] >= 49152


def test_forged_answers_and_silence_lead_to_the_next_server(network):
    netns.ip("address", "add", "10.0.2.3/24", "dev", netns.TAP)
    assert network is not None
    with Server(forged), Server(good(), address="10.0.2.3") as second, \
            booted("virt-aarch64", f"--ntp={netns.HOST_ADDRESS},10.0.2.3") as guest:
        console = guest.wait_for("answered")
        assert "server 10.0.2.3 says" in console
        assert len(second.requests) == 1


def test_silence_and_kisses_are_no_reason_to_ask_often(network):
    """The one server is silent, then denies: within 20 s it sees two requests, and never more."""
    assert network is not None
    with Server(silent, kiss(b"DENY"), good()) as server, \
            booted("virt-aarch64", f"--ntp={netns.HOST_ADDRESS}") as guest:
        guest.wait_for("wants no requests", timeout=90)
        gap = server.requests[1][0] - server.requests[0][0]
        assert 12 < gap < 60
        assert server.requests[0][1][40:] != server.requests[1][1][40:]
        time.sleep(1)
        assert len(server.requests) == 2 and "answered" not in guest.console()


def test_server_of_a_lease(network, tmp_path):
    assert network is not None
    dnsmasq = subprocess.Popen(["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--user=root",
                                f"--interface={netns.TAP}", "--bind-interfaces", "--no-ping", "--dhcp-authoritative",
                                f"--dhcp-leasefile={tmp_path}/leases", f"--pid-file={tmp_path}/pid",
                                "--dhcp-range=10.0.2.77,10.0.2.77,255.255.255.0,120",
                                f"--dhcp-option=option:ntp-server,{netns.HOST_ADDRESS}"], stderr=subprocess.DEVNULL)
    try:
        with Server(good()), booted("virt-aarch64", "--ipv4=0.0.0.0/0") as guest:
            guest.wait_for("server 10.0.2.2 says")
    finally:
        dnsmasq.terminate()
        dnsmasq.wait()


def test_server_by_name(network, tmp_path):
    assert network is not None
    hosts = tmp_path / "hosts"
    hosts.write_text(f"{netns.HOST_ADDRESS} time.test\n")
    dnsmasq = subprocess.Popen(["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
                                "--user=root", "--pid-file=", "--bind-interfaces", "--local=/test/",
                                f"--listen-address={netns.HOST_ADDRESS}", f"--addn-hosts={hosts}"],
                               stderr=subprocess.DEVNULL)
    try:
        with Server(good()), booted("virt-aarch64", f"--ntp=time.test --dns={netns.HOST_ADDRESS}") as guest:
            guest.wait_for("server 10.0.2.2 says", timeout=90)
    finally:
        dnsmasq.terminate()
        dnsmasq.wait()


def test_server_by_name_from_the_name_server_of_a_lease(network, tmp_path):
    assert network is not None
    dnsmasq = subprocess.Popen(["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
                                "--user=root", f"--pid-file={tmp_path}/pid", "--bind-interfaces", "--no-ping",
                                f"--interface={netns.TAP}", "--dhcp-authoritative", "--local=/test/",
                                f"--dhcp-leasefile={tmp_path}/leases", f"--address=/time.test/{netns.HOST_ADDRESS}",
                                "--dhcp-range=10.0.2.77,10.0.2.77,255.255.255.0,120"], stderr=subprocess.DEVNULL)
    try:
        with Server(good()), booted("virt-aarch64", "--ipv4=0.0.0.0/0 --ntp=time.test") as guest:
            guest.wait_for("server 10.0.2.2 says", timeout=90)
    finally:
        dnsmasq.terminate()
        dnsmasq.wait()


def test_too_many_servers_are_told(qemu_board):
    with Guest(qemu_board, "sntp", args="--ntp=1.1.1.1,2.2.2.2,3.3.3.3,4.4.4.4,5.5.5.5", network=True) as guest:
        assert guest.wait_exit() == 64
        assert "--ntp" in guest.console()
