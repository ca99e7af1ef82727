# SPDX-License-Identifier: ISC
"""How an image is started: the one place that knows command lines of QEMU and of the host board.

`make` writes what board.mk and app.mk say to build/BOARD/APP/image.json; Image reads it. The run
command, the tests and the benchmarks all start images through Image.command().
"""

import json
import os
import pathlib
import socket
import subprocess


class Image:
    """One built image and the machine that it is for."""

    def __init__(self, path):
        data = json.loads(pathlib.Path(path).read_text())
        self.board = data["board"]
        self.app = data["app"]
        self.stem = data["stem"]  # build/BOARD/APP/APP
        self.cross = data["cross"]  # prefix of the compiler's tools
        self.qemu = data["qemu"]  # the program, or "" for a Linux process
        self.machine = data["machine"].split()
        self.machine_kvm = data["machine_kvm"].split()
        self.kernel = self.stem + data["kernel"]
        self.elf = self.stem + ".elf"
        self.devices = data["devices"].split()
        self.net = data["net"]
        self.exit_options = data["exit"].split()
        self.exit_is_odd = data["exit_is_odd"] == "1"
        self.memory = data["memory"]
        self.http_port = int(data["http_port"] or 0)

    @property
    def is_process(self):
        return not self.qemu

    def command(self, args="", memory=None, netdev=None, mac=None, kvm=False, machine=(), extra=(),
                kernel=None):
        """The command line that boots the image with boot arguments `args`.

        netdev: the text of QEMU's -netdev option with id n0 ("user,id=n0,…", "tap,id=n0,…"), None for
        no network card. machine: further -machine/-cpu options, which override the board's.
        """
        if self.is_process:
            import shlex
            size = ["--memory=" + memory] if memory else []
            return [self.elf] + size + shlex.split(args)
        cmd = [self.qemu, *(self.machine_kvm if kvm else self.machine), *machine]
        cmd += ["-m", memory or self.memory, "-nodefaults", "-no-reboot", "-display", "none",
                "-monitor", "none", "-serial", "stdio"]
        cmd += self.exit_options + self.devices
        if netdev:
            card = self.net + ",netdev=n0"
            cmd += ["-netdev", netdev, "-device", card + (f",mac={mac}" if mac else "")]
        cmd += list(extra) + ["-kernel", kernel or self.kernel]
        if args:
            cmd += ["-append", args]
        return cmd

    def exit_status(self, code):
        """The status that the image asked for, from the exit code of its QEMU or process."""
        if self.exit_is_odd and code > 0:
            return code >> 1
        return code


def user_netdev(forwards=(), pcap=None):
    """QEMU's user networking; forwards: (protocol, host port, guest port), bound to loopback."""
    text = "user,id=n0"
    for protocol, host, guest in forwards:
        text += f",hostfwd={protocol}:127.0.0.1:{host}-10.0.2.15:{guest}"
    return text


def tap_netdev(name):
    return f"tap,id=n0,ifname={name},script=no,downscript=no"


def pcap_options(path):
    return ["-object", f"filter-dump,id=pcap0,netdev=n0,file={path}"]


def port_is_free(port, protocol=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, protocol) as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(preferred=0, protocol=socket.SOCK_STREAM):
    """`preferred` if nobody listens there, else a port that the system picks."""
    if preferred and port_is_free(preferred, protocol):
        return preferred
    with socket.socket(socket.AF_INET, protocol) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def kvm_is_usable():
    return os.access("/dev/kvm", os.R_OK | os.W_OK)


def tap_address(name):
    """The first IPv4 address of interface `name` as (address, prefix length), or None."""
    out = subprocess.run(["ip", "-json", "-4", "address", "show", "dev", name],
                         capture_output=True, text=True, check=False)
    if out.returncode != 0:
        return None
    for link in json.loads(out.stdout or "[]"):
        for a in link.get("addr_info", []):
            return a["local"], a["prefixlen"]
    return None
