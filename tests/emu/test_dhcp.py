# SPDX-License-Identifier: ISC
"""Addresses from DHCP: of QEMU's user networking, and of a real dnsmasq over a tap."""

import json
import re
import shutil
import signal
import socket
import subprocess
import time

import pytest

import netns
from conftest import PROTOCOL_BOARDS, on
from guest import GUEST_ADDRESS, Guest

board = on(PROTOCOL_BOARDS)

ECHO = 7
ADDRESS = "10.0.2.77"
LINE = f"dhcp: net0: {ADDRESS}/24 gateway 10.0.2.9 lease 120 s"


class Server:
    """A dnsmasq on the tap that knows one address. The leases are kept in a file between its runs."""

    def __init__(self, folder, *options, address=ADDRESS, log="dnsmasq.log"):
        folder = folder / address
        folder.mkdir(exist_ok=True)
        self.log = folder / log
        self.command = ["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--user=root",
                        f"--interface={netns.TAP}", "--bind-interfaces", "--no-ping", "--dhcp-authoritative",
                        f"--dhcp-leasefile={folder}/leases", f"--pid-file={folder}/pid", f"--log-facility={self.log}",
                        "--log-dhcp", f"--dhcp-range={address},{address},255.255.255.0,120",
                        "--dhcp-option=option:router,10.0.2.9", "--dhcp-option=option:dns-server,10.0.2.3,10.0.2.4",
                        "--dhcp-option=option:ntp-server,10.0.2.5", "--dhcp-option=option:domain-name,example.org",
                        *options]
        self.process = None

    def __enter__(self):
        self.process = subprocess.Popen(self.command)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def said(self, text):
        return self.log.read_text().count(text) if self.log.exists() else 0

    def wait_for(self, text, timeout=30):
        deadline = time.monotonic() + timeout
        while self.said(text) == 0:
            assert time.monotonic() < deadline, f"the server did not say {text!r}"
            time.sleep(0.02)


@pytest.fixture
def dnsmasq(network, tmp_path):
    if shutil.which("dnsmasq") is None:
        pytest.skip("needs dnsmasq")
    return lambda *options, **more: Server(tmp_path, *options, **more)


def answers_ping(address):
    return subprocess.run(["ping", "-c", "3", "-i", "0.2", "-W", "2", address], check=False,
                          stdout=subprocess.DEVNULL).returncode == 0


def echoes(address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(30)
        s.sendto(b"hello", address)
        return s.recv(100) == b"hello"


def booted(board, **options):
    return Guest(board, "dhcp", tap=netns.TAP, **options)


class Cable:
    """The guest's end of its link, pulled and put in by QEMU's monitor."""

    def __init__(self, folder):
        self.path = str(folder / "qmp")
        self.options = ["-qmp", f"unix:{self.path},server=on,wait=off"]

    def set(self, up):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(30)
            s.connect(self.path)
            talk = s.makefile("rw")
            for execute, arguments in (("qmp_capabilities", {}), ("set_link", {"name": "n0", "up": up})):
                talk.write(json.dumps({"execute": execute, "arguments": arguments}))
                talk.flush()
                while "return" not in json.loads(talk.readline()):
                    continue


def test_a_cable_put_in_again(qemu_machine, dnsmasq, tmp_path):
    """The servers are asked whether the address is good there; that of another network says no."""
    cable, other = Cable(tmp_path), "10.0.2.99"
    with booted(qemu_machine, args="--log=debug", extra=cable.options) as guest:
        with dnsmasq():
            guest.wait_for(LINE)
            guest.wait_for("lease 1 of")
            cable.set(False)
            guest.wait_for("net0: link down")  # it looks, and sees what is there then
            cable.set(True)
            guest.wait_for("lease 2 of")
            assert answers_ping(ADDRESS)
            cable.set(False)
        with dnsmasq(address=other):
            cable.set(True)
            guest.wait_for("the server denies the address")
            guest.wait_for(f"dhcp: net0: {other}/24")
            assert answers_ping(other)


def test_lease_of_user_networking(qemu_board):
    with Guest(qemu_board, "dhcp", udp=[ECHO]) as guest:
        guest.wait_for("dhcp: net0: 10.0.2.15/24 gateway 10.0.2.2 lease 86400 s")
        guest.wait_for("lease 1 of 10.0.2.15 dns=10.0.2.3")
        assert echoes(guest.address(ECHO, "udp"))


def test_an_address_given_asks_nobody(qemu_board):
    with Guest(qemu_board, "dhcp", args="--ipv4=10.0.2.15/24 --gateway=10.0.2.2", udp=[ECHO]) as guest:
        guest.wait_for("ipv4: net0: 10.0.2.15/24 gateway 10.0.2.2")
        assert echoes(guest.address(ECHO, "udp"))
        assert "lease" not in guest.console()


def test_a_gateway_needs_an_address_and_a_name_must_be_one():
    for args, said in (("--gateway=10.0.2.2", "no other host"), ("--hostname=a.b", "no name of a host")):
        with Guest("virt-aarch64", "dhcp", args=args, network=True) as guest:
            assert guest.wait_exit() == 1
            assert said in guest.console()


def test_lease_of_a_real_server(board, dnsmasq):
    with dnsmasq() as server, booted(board) as guest:
        guest.wait_for(LINE)
        guest.wait_for(f"lease 1 of {ADDRESS} dns=10.0.2.3 dns=10.0.2.4 ntp=10.0.2.5 domain=example.org")
        assert answers_ping(ADDRESS)
        assert echoes((ADDRESS, ECHO))
        assert server.said("client provides name: fata") > 0


def test_renews_in_time_and_survives_a_restart_of_the_server(dnsmasq):
    times = "--dhcp-option=option:T1,3", "--dhcp-option=option:T2,12"
    with booted("virt-aarch64") as guest:
        with dnsmasq(*times):
            guest.wait_for("lease 2 of")
        time.sleep(4)
        with dnsmasq(*times):
            guest.wait_for("lease 3 of", timeout=90)
            assert answers_ping(ADDRESS)
        assert "no lease" not in guest.console()


def test_another_server_takes_over(dnsmasq):
    """The server of the lease does not answer any more; at T2 all are asked, and another one has the leases, too."""
    times = "--dhcp-option=option:T1,2", "--dhcp-option=option:T2,3"
    with booted("host") as guest:
        with dnsmasq(*times) as gone:
            guest.wait_for("lease 1 of")
            guest.process.send_signal(signal.SIGSTOP)  # it says nothing before the other one is there
        netns.ip("address", "delete", f"{netns.HOST_ADDRESS}/24", "dev", netns.TAP)
        netns.ip("address", "add", "10.0.2.3/24", "dev", netns.TAP)
        with dnsmasq(*times, log="other.log") as other:
            other.wait_for("IP range")
            guest.process.send_signal(signal.SIGCONT)
            guest.wait_for("lease 2 of")
            assert answers_ping(ADDRESS)
        assert gone.said(f"DHCPREQUEST({netns.TAP})") == 1
        assert other.said("DHCPDISCOVER") == 0
        assert other.said("server-identifier  10.0.2.3") > 0
        assert "no lease" not in guest.console()


def test_a_server_that_comes_late_is_found(dnsmasq):
    with booted("virt-aarch64") as guest:
        guest.wait_for("ready")
        assert not answers_ping(GUEST_ADDRESS)
        with dnsmasq():
            guest.wait_for(LINE)


def test_an_address_in_use_is_declined(dnsmasq):
    """The server's machine has it, on another interface, and answers the probe."""
    netns.ip("address", "add", f"{ADDRESS}/32", "dev", "lo")
    with dnsmasq() as server, booted("virt-aarch64") as guest:
        console = guest.wait_for(f"{ADDRESS} is declined: another station has it")
        assert not re.search(r"lease \d+ of .*\n.*lease \d+ of", console)
        server.wait_for("DHCPDECLINE")


def test_classless_routes_win(dnsmasq):
    with dnsmasq("--dhcp-option=121,0.0.0.0/0,10.0.2.8,192.0.2.0/24,10.0.2.7"), booted("virt-aarch64") as guest:
        guest.wait_for(LINE.replace("10.0.2.9", "10.0.2.8"))
