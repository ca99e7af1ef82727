# SPDX-License-Identifier: ISC
"""How an image is started: the one place that knows command lines of QEMU and of the host board.

The configuration compiler writes what the image is made of, and what board.mk says of its machine, to
build/BOARD/APP/manifest.json; Image reads it. The run command, the tests and the benchmarks all start
images through Image.command().
"""

import collections
import functools
import json
import os
import pathlib
import random
import socket
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[1]
IS_INSTALLED = (ROOT / "INSTALLED").exists()
#: Where a newer QEMU than the system's is kept: nobody builds in an installed tree.
FETCHED_QEMU = (pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache", "fata/qemu")
                if IS_INSTALLED else ROOT / "build/toolchain/qemu")


class MissingEmulator(Exception):
    """No QEMU here has the board's machine; the text says so, without a full stop."""


@functools.lru_cache
def has_machine(qemu, machine):
    """Whether this QEMU, if there is one of that name, knows the machine."""
    try:
        done = subprocess.run([qemu, "-machine", "help"], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return any(line.split()[:1] == [machine] for line in done.stdout.splitlines())


class Image:
    """One built image and the machine that it is for."""

    def __init__(self, path):
        path = pathlib.Path(path)
        data = json.loads(path.read_text())
        machine = data["machine"]
        self.board = data["board"]
        self.arch = data["arch"]
        self.app = data["name"]
        self.stem = str(path.parent / path.parent.name)  # build/BOARD/APP/APP
        self.cross = machine["cross"]  # prefix of the compiler's tools
        self.qemu = machine["qemu"]  # the program, or "" for a Linux process
        self.needs = machine.get("needs", "")  # the machine that not every QEMU has
        self.machine = machine["machine"].split()
        self.machine_kvm = machine["machine_kvm"].split()
        self.kernel = self.stem + machine["kernel"]
        self.elf = self.stem + ".elf"
        self.devices = machine["devices"].split()
        self.net = machine["net"]
        self.disk = machine.get("disk", "")  # how a disk is attached, or "": it has none
        self.exit_options = machine["exit"].split()
        self.exit_is_odd = machine["exit_is_odd"] == "1"
        self.memory = machine["memory"]
        self.args_in_image = machine.get("arguments") == "image"  # no loader passes any
        self.netifs = data["netifs"]
        self.ports = data["ports"]
        self.disks = sum(d["kind"] == "disk" for d in data.get("devices", ()))
        self.build_keys = [k for k in data.get("keys", ()) if k["stage"] == "build"]
        self.http_port = next((p["port"] for p in self.ports if p["service"] == "http"), 0)

    @property
    def is_process(self):
        return not self.qemu

    def emulator(self):
        """The QEMU that has the board's machine: this system's, or the one that `make qemu` fetches."""
        if not self.needs:
            return self.qemu
        for qemu in (self.qemu, str(FETCHED_QEMU / pathlib.Path(self.qemu).name)):
            if has_machine(qemu, self.needs):
                return qemu
        how = f"{ROOT}/tools/fetch-qemu {FETCHED_QEMU}" if IS_INSTALLED else "make qemu"
        raise MissingEmulator(f"{self.board} needs a QEMU with the machine {self.needs}, which is not here; "
                              f"this fetches one: {how}")

    def command(self, args="", memory=None, netdev=None, mac=None, kvm=False, machine=(), extra=(),
                kernel=None, card=None, disk=None):
        """The command line that boots the image with boot arguments `args`.

        netdev: the text of QEMU's -netdev option with id n0 ("user,id=n0,…", "tap,id=n0,…"), or a list of
        them with ids n0, n1, …, for one card each; None for no network card. mac: of the first card.
        card: their model with its options, instead of the board's.
        disk: the file of raw sectors that the first disk of the board is, or None.
        machine: further -machine/-cpu options, which override the board's.
        """
        if self.is_process:
            if self.arch != "host":
                raise MissingEmulator(f"no QEMU has the board {self.board} (its board.mk names none): "
                                      "docs/HARDWARE.md says how an image gets onto it")
            import shlex
            size = ["--memory=" + memory] if memory else []
            size += ["--disk=" + disk] if disk else []
            return [self.elf] + size + shlex.split(args)
        cmd = [self.emulator(), *(self.machine_kvm if kvm else self.machine), *machine]
        cmd += ["-m", memory or self.memory, "-nodefaults", "-no-reboot", "-display", "none",
                "-monitor", "none", "-serial", "stdio"]
        cmd += self.exit_options + self.devices
        if not self.net:  # nothing that the emulator could connect
            netdev = None
        elif not netdev and (card or self.net).startswith("nic:"):
            netdev = "user,id=n0,restrict=on"  # a part of the board, and QEMU warns of one without a peer
        for number, text in enumerate([netdev] if isinstance(netdev, str) else netdev or []):
            cmd += ["-netdev", text, *self.card_options(card or self.net, number, mac if number == 0 else None)]
        if disk:
            cmd += self.disk_options(disk)
        kernel = kernel or self.kernel
        if self.args_in_image:
            return cmd + [*extra, "-kernel", with_arguments(kernel, args)]
        cmd += list(extra) + ["-kernel", with_seed(kernel)]
        if args:
            cmd += ["-append", args]
        return cmd

    @staticmethod
    def card_options(card, number, mac):
        """The options for network card `number`, of which "nic:MODEL" is a part of the board."""
        if card.startswith("nic:"):
            return ["-net", f"nic,netdev=n{number},model={card[4:]}" + (f",macaddr={mac}" if mac else "")]
        return ["-device", f"{card},netdev=n{number}" + (f",mac={mac}" if mac else "")]

    def disk_options(self, path, number=0, more=""):
        """The options for disk `number`, a file of raw sectors; `more` options for its -drive."""
        named = str(path).replace(",", ",,")
        drive = f"format=raw,file={named}{more}"
        if self.disk.startswith("if="):
            return ["-drive", f"{self.disk},id=disk{number},{drive}"]
        return ["-drive", f"if=none,id=disk{number},{drive}", "-device", f"{self.disk},drive=disk{number}"]

    def exit_status(self, code):
        """The status that the image asked for, from the exit code of its QEMU or process."""
        if self.exit_is_odd and code > 0:
            return code >> 1
        return code


def seed(data):
    """Writes a new seed into the bytes of an image, if it has room for one (drivers/rng/image_seed)."""
    at = data.find(b"FataSeed")
    if at >= 0:
        data[at + 8:at + 40] = os.urandom(32)
    return at >= 0


def in_memory(data):
    """The path of a file of these bytes, which exists for as long as this process, or what it becomes."""
    copy = os.memfd_create("image", 0)
    os.write(copy, data)
    return f"/proc/{os.getpid()}/fd/{copy}"


def with_seed(path):
    """The path of the image, or of a copy with a new seed if it has room for one."""
    try:
        data = bytearray(pathlib.Path(path).read_bytes())
    except OSError:
        return path  # the emulator says why
    return in_memory(data) if seed(data) else path


def filled(path, args):
    """The bytes of the image with a new seed, and with `args` in its argument block (runtime/argblock.h)."""
    data = bytearray(pathlib.Path(path).read_bytes())
    seed(data)
    at, text = data.find(b"FataArgs"), args.encode()
    room = int.from_bytes(data[at + 8:at + 10], "little") if at >= 0 else 0
    if args and room == 0:
        raise OSError(f"{path} has no argument block: argument_block(128) in its config.c makes one")
    if args and len(text) > room:
        raise OSError(f"{path} has room for {room} bytes of boot arguments, and these have {len(text)}: a larger "
                      "argument_block() in its config.c makes more")
    if args:
        data[at + 10:at + 12] = len(text).to_bytes(2, "little")
        data[at + 16:at + 16 + len(text)] = text
    return data


def with_arguments(path, args):
    """The path of a copy of the image that is filled() with them."""
    return in_memory(filled(path, args))


def user_netdev(forwards=(), number=0):
    """QEMU's user networking; forwards: (protocol, host port, guest port), bound to loopback.

    Card 0 is in 10.0.2.0/24, as QEMU has it; the next in 10.0.3.0/24, and so on.
    """
    network = f"10.0.{2 + number}"
    text = f"user,id=n{number}" + (f",net={network}.0/24" if number else "")
    for protocol, host, guest in forwards:
        text += f",hostfwd={protocol}:127.0.0.1:{host}-{network}.15:{guest}"
    return text


def tap_netdev(name, number=0):
    return f"tap,id=n{number},ifname={name},script=no,downscript=no"


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


#: Ports that the system gives to nobody by itself (ip_local_port_range), so that none is taken meanwhile.
PORTS = range(10000, 32768)

#: The ports that this process chose last. The emulator that was told one takes it a moment later; until then an
#: abstract socket of that name, which exists where the port does, keeps others that choose by free_port() from it.
chosen = collections.deque(maxlen=64)


def reserve(port):
    """Keeps `port` for this process, among those that ask here; False if another has it."""
    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        s.bind(f"\0fata-port-{port}")
    except OSError:
        s.close()
        return False
    s.set_inheritable(True)  # a process that becomes the emulator keeps it
    chosen.append(s)
    return True


def free_port(preferred=0, protocol=socket.SOCK_STREAM):
    """`preferred` if nobody listens there, else any port that is free; nobody else is given it for a while."""
    for port in ([preferred] if preferred else []) + random.sample(PORTS, 1000):
        if port_is_free(port, protocol) and reserve(port):
            return port
    raise OSError("no port is free for the emulator to listen on")


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
