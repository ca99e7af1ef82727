# SPDX-License-Identifier: ISC
"""apps/lookup, which asks a real DNS server over a tap."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import pytest

import netns
from conftest import PROTOCOL_BOARDS, on
from guest import Guest
from test_ipv6 import HOST, link  # noqa: F401 (a fixture)

board = on(PROTOCOL_BOARDS)

MANY = 100  # addresses, which do not fit into a datagram
RECORDS = {
    "one.test": ["192.0.2.1"],
    "several.test": ["192.0.2.11", "192.0.2.12", "192.0.2.13"],
    "six.test": ["2001:db8::6"],
    "both.test": ["192.0.2.21", "192.0.2.22", "2001:db8::21"],
    "many.test": [f"198.51.100.{i}" for i in range(1, MANY + 1)],
}


class Dnsmasq:
    """dnsmasq on the host's end of the tap."""

    def __init__(self, folder, records=None, listen=(netns.HOST_ADDRESS,)):
        self.log = os.path.join(folder, "log")
        hosts = os.path.join(folder, "hosts")
        with open(hosts, "w") as f:
            for name, addresses in (records or RECORDS).items():
                f.writelines(f"{a} {name}\n" for a in addresses)
        os.chmod(folder, 0o755)
        self.command = [
            shutil.which("dnsmasq", path="/usr/sbin:" + os.environ.get("PATH", "")),
            "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
            "--user=root", "--pid-file=", "--bind-interfaces", f"--listen-address={','.join(listen)}",
            f"--addn-hosts={hosts}", "--log-queries=extra", f"--log-facility={self.log}", "--local=/test/",
            "--local-ttl=600", "--cname=alias.test,middle.test", "--cname=middle.test,one.test",
            "--auth-server=ns.test", "--edns-packet-max=1232",
        ]
        self.process = None

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while "started" not in self._text():
            assert self.process.poll() is None and time.monotonic() < deadline, self._text()
            time.sleep(0.02)
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def _text(self):
        return open(self.log).read() if os.path.exists(self.log) else ""

    def questions(self):
        """Who answered and from which port it was asked; one that was repeated counts once."""
        found = re.findall(r"dnsmasq\[(\d+)\]: \d+ [\d.]+/(\d+) query\[", self._text())
        return {(int(pid), int(port)) for pid, port in found}

    def over_tcp(self):
        """Those over TCP, for which it makes processes."""
        return {question for question in self.questions() if question[0] != self.process.pid}


@pytest.fixture
def server(network):
    assert network is not None
    with tempfile.TemporaryDirectory(prefix="fata-dns-") as folder, Dnsmasq(folder) as d:
        yield d


def look_up(board, name, *options):
    """The status and the console of an image that looks up `name`."""
    args = " ".join([f"--dns={netns.HOST_ADDRESS}", f"--name={name}", *options])
    with Guest(board, "lookup", args=args, tap=netns.TAP) as guest:
        status = guest.wait_exit()
        return status, guest.console()


def addresses(console):
    return re.findall(r"has address (\S+)", console)


def ipv6_addresses(console):
    return re.findall(r"has IPv6 address (\S+)", console)


def test_several_addresses(board, server):
    status, console = look_up(board, "several.test")
    assert status == 0
    assert sorted(addresses(console)) == RECORDS["several.test"], console
    assert re.search(r"3 found in \d+ ms", console)


def test_both_families(board, server):
    status, console = look_up(board, "both.test")
    assert status == 0
    assert sorted(addresses(console)) + ipv6_addresses(console) == RECORDS["both.test"], console
    assert re.search(r"3 found in \d+ ms", console)
    assert len(server.questions()) == 2


def test_one_family_is_enough(board, server):
    status, console = look_up(board, "six.test")
    assert (status, addresses(console), ipv6_addresses(console)) == (0, [], RECORDS["six.test"]), console
    assert "no such" not in console


def test_one_family_alone(board, server):
    status, console = look_up(board, "both.test", "--type=AAAA")
    assert (status, addresses(console), ipv6_addresses(console)) == (0, [], ["2001:db8::21"]), console
    status, console = look_up(board, "both.test", "--type=A")
    assert (status, len(addresses(console)), ipv6_addresses(console)) == (0, 2, []), console
    status, console = look_up(board, "six.test", "--type=A")
    assert (status, ipv6_addresses(console)) == (1, []), console
    assert "no such addresses" in console


def test_server_by_ipv6(board, link):  # noqa: F811
    assert link is not None
    with tempfile.TemporaryDirectory(prefix="fata-dns-") as folder, Dnsmasq(folder, listen=(HOST,)):
        args = f"--dns={HOST} --name=both.test --ipv6=fd00::2/64"
        with Guest(board, "lookup", args=args, tap=netns.TAP) as guest:
            assert guest.wait_exit() == 0, guest.console()
            assert ipv6_addresses(guest.console()) == ["2001:db8::21"], guest.console()


def test_alias_of_an_alias(board, server):
    status, console = look_up(board, "alias.test")
    assert (status, addresses(console)) == (0, RECORDS["one.test"]), console


def test_name_that_does_not_exist(board, server):
    status, console = look_up(board, "nobody.test")
    assert status == 1
    assert "nobody.test: no such name" in console


def test_long_answer_comes_over_tcp(board, server):
    status, console = look_up(board, "many.test", "--type=A")
    found = addresses(console)
    assert (status, len(set(found))) == (0, 8), console
    assert set(found) <= set(RECORDS["many.test"])
    assert (len(server.questions()), len(server.over_tcp())) == (2, 1)


def test_second_question_is_not_asked(board, server):
    status, console = look_up(board, "one.test", "--again", "--type=A")
    assert (status, addresses(console)) == (0, RECORDS["one.test"] * 2), console
    assert len(server.questions()) == 1


def test_second_server_answers_when_the_first_is_down(board, server):
    args = f"--dns=10.0.2.9,{netns.HOST_ADDRESS} --name=one.test"
    with Guest(board, "lookup", args=args, tap=netns.TAP) as guest:
        assert guest.wait_exit() == 0
        assert addresses(guest.console()) == RECORDS["one.test"]


def test_no_server_answers(board, network):
    assert network is not None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind((netns.HOST_ADDRESS, 53))
        status, console = look_up(board, "one.test")
    assert status == 1
    took_ms = int(re.search(r"one\.test: no server answers, after (\d+) ms", console)[1])
    assert 7000 <= took_ms < 30_000  # 1, 2 and 4 s


def test_nobody_is_at_the_port(board, network):
    """ICMP says so, and nothing is waited for."""
    assert network is not None
    status, console = look_up(board, "one.test")
    assert status == 1
    took_ms = int(re.search(r"one\.test: the servers refuse to answer, after (\d+) ms", console)[1])
    assert took_ms < 5000


def test_own_names_need_no_server(board, network):
    assert network is not None
    console = look_up(board, "localhost")[1]
    assert (addresses(console), ipv6_addresses(console)) == (["127.0.0.1"], ["::1"]), console
    assert ipv6_addresses(look_up(board, "::1")[1]) == ["::1"]
    status, console = look_up(board, "no_such..name")
    assert (status, "this is no name of a host" in console) == (1, True), console
