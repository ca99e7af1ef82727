#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Boots an image and shows its console: what `make run` and `fata run` call.

Prints "URL: http://…/" once the image answers HTTP. Ctrl-C ends it. The exit status is the image's.
"""

import argparse
import http.client
import ipaddress
import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import emulator  # noqa: E402
import folder_disk  # noqa: E402
import symbolize  # noqa: E402

GDB_PORT = 1234


class Caller:
    """Who is talking to the person: `make run PORT=80` or `fata run --port=80`."""

    def __init__(self, name, verb="run"):
        self.is_make = name == "make"
        self.command = f"{name} {verb}"

    def option(self, name, value=""):
        """An option as the person would write it; without a value one that takes none."""
        if self.is_make:
            return f"{name.upper()}={value or 1}"
        return f"--{name}={value}" if value else f"--{name}"

    def again(self, image, name, value):
        """The whole command with one more option."""
        what = f" BOARD={image.board} APP={image.app} " if self.is_make else f" --board={image.board} "
        return self.command + what + self.option(name, value)


caller = Caller("make")


def fail(text):
    sys.exit(f"{caller.command}: {text}")


def parser(about):
    p = argparse.ArgumentParser(description=about)
    p.add_argument("image", help="build/BOARD/APP/manifest.json")
    p.add_argument("--caller", default="make", choices=["make", "fata"], help="whose options messages name")
    p.add_argument("--port", default="", help="port of the host for HTTP; 8080 if free")
    p.add_argument("--args", default="", help="boot arguments")
    p.add_argument("--mem", default="", help="memory of the machine: 64M")
    p.add_argument("--tap", default="", help="existing tap interface instead of user networking")
    p.add_argument("--kvm", default="", help="1: use the processor's virtualization")
    p.add_argument("--pcap", default="", help="write the network's packets to this file")
    p.add_argument("--disk", default="", help="file of raw sectors that is the machine's first disk; dir:FOLDER, tar:FOLDER: one is made of it")
    return p


def parse_arguments():
    p = parser(__doc__)
    p.add_argument("--debug", default="", help="1: wait for gdb")
    return p.parse_args()


def host_port(text):
    if not text:
        return emulator.free_port(8080)
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        fail(f"{caller.option('port', text)}: expected a number from 1 to 65535")
    if not emulator.port_is_free(int(text)):
        fail(f"{caller.option('port', text)} is in use; choose another, or leave it out")
    return int(text)


def memory_size(text):
    if text and not re.fullmatch("[1-9][0-9]*[KMGkmg]?", text):
        fail(f"{caller.option('mem', text)}: expected a size such as 64M")
    return text or None


def made_disk(image, text):
    """A disk that is made anew of a folder, beside the image."""
    kind, folder = folder_disk.split(text)
    path = pathlib.Path(image.stem).parent / f"disk.{'fat' if kind == 'dir' else kind}"
    try:
        folder_disk.make(kind, folder, path)
    except folder_disk.Refusal as e:
        fail(f"{caller.option('disk', text)}: {e}")
    return str(path)


def build_with(setting):
    """How the person sets a key of build time."""
    return ("KEYS=" if caller.is_make else "fata configure ") + setting


def check_args(image, args):
    """The image does not know its keys of build time, so it could not say what to do."""
    names = {f"--{key['name']}" for key in image.build_keys}
    for word in args.split():
        if word.split("=")[0] in names:
            fail(f"{caller.option('args', word)}: that is chosen when the image is built, by {build_with(word)}")


def without_disk(image):
    """That the app has none, and which choice at build time may give it one."""
    words = [f"--{key['name']}={key['words']}" for key in image.build_keys if key.get("words")]
    return "the app has no disk" + "".join(f"; what it has is chosen when it is built, by {build_with(w)}" for w in words[:1])


def disk_file(image, text, args):
    """The path of the file that is the disk, or None."""
    if not text:
        if image.disks and "--disk" not in args and (image.is_process or image.disk):
            print(f"{caller.command}: the app has a disk; {caller.option('disk', 'FILE')} or "
                  f"{caller.option('disk', 'dir:FOLDER')} attaches one", flush=True)
        return None
    if not image.is_process and not image.disk:
        fail(f"{caller.option('disk', text)}: {image.board} has no disk that a file could be")
    if not image.disks:
        fail(f"{caller.option('disk', text)}: {without_disk(image)}")
    if folder_disk.split(text):
        return made_disk(image, text)
    path = pathlib.Path(text)
    if path.is_dir():
        fail(f"{caller.option('disk', text)}: that is a folder; to make a disk of it: "
             f"{caller.option('disk', 'dir:' + text)}")
    if not path.exists() and ":" in text:
        fail(f"{caller.option('disk', text)}: there is no such file; a disk is made of a folder by "
             f"{caller.option('disk', 'dir:FOLDER')} or {caller.option('disk', 'tar:FOLDER')}")
    if not path.exists():
        fail(f"{caller.option('disk', text)}: there is no such file; a disk of 16 MiB without anything on it makes: "
             f"truncate -s 16M {shlex.quote(text)}")
    return text


def guest_next_to(tap):
    """Boot arguments that place the guest one address above the tap's own, and that address."""
    if not pathlib.Path("/sys/class/net", tap).exists():
        fail(f"""{caller.option('tap', tap)}: there is no such interface. To make one:
    sudo ip tuntap add dev {tap} mode tap user $USER
    sudo ip address add 10.0.3.1/24 dev {tap}
    sudo ip link set {tap} up""")
    found = emulator.tap_address(tap)
    if found is None:
        fail(f"{caller.option('tap', tap)} has no IPv4 address. To give it one:\n"
             f"    sudo ip address add 10.0.3.1/24 dev {tap}")
    own, bits = ipaddress.ip_address(found[0]), found[1]
    return f"--ipv4={own + 1}/{bits} --gateway={own}", str(own + 1)


class TemporaryTap:
    """A tap for the host board when the caller is root and named none."""

    NAME = "fata0"

    def __enter__(self):
        for words in (f"tuntap add dev {self.NAME} mode tap", f"address add 10.0.3.1/24 dev {self.NAME}",
                      f"link set {self.NAME} up"):
            done = subprocess.run(["ip", *words.split()], capture_output=True, text=True, check=False)
            if done.returncode != 0:
                fail(f"cannot make the tap {self.NAME}: {done.stderr.strip()}")
        return self.NAME

    def __exit__(self, *_):
        subprocess.run(["ip", "link", "delete", self.NAME], check=False)


def announce_when_serving(url, host, port, child):
    """Prints the URL once anything answers HTTP there; gives up quietly when the image ends.

    A server may be up some moments before it has its routes, and answers 404 until then.
    """
    tries = 20
    while child.poll() is None:
        try:
            c = http.client.HTTPConnection(host, port, timeout=1)
            c.request("HEAD", "/")
            tries = tries - 1 if c.getresponse().status == 404 else 0
            c.close()
        except (OSError, http.client.HTTPException):
            pass
        if tries == 0:
            print(f"\rURL: {url}\r", flush=True)
            return
        time.sleep(0.05)


def machine_command(image, a, tap, extra=()):
    """The command that boots the image as `a` says, and (host, port) of its HTTP server or None."""
    check_args(image, a.args)
    args, extra, netdev, where = a.args, list(extra), None, None
    if tap:
        address_args, guest = guest_next_to(tap)
        if "--ipv4" not in args:
            args = f"{address_args} {args}".strip()
        netdev, where = emulator.tap_netdev(tap), (guest, image.http_port)
    elif image.netifs:
        forwards = []
        if image.http_port:
            port = host_port(a.port)
            forwards, where = [("tcp", port, image.http_port)], ("127.0.0.1", port)
        netdev = [emulator.user_netdev(() if n else forwards, n) for n in range(image.netifs)]
    if image.is_process and tap:
        args = f"--tap={tap} {args}".strip()
    if a.pcap:
        if image.is_process or netdev is None:
            fail(f"{caller.option('pcap', a.pcap)} needs a board in QEMU and an app with a network; on a tap, use "
                 "tcpdump")
        extra += emulator.pcap_options(a.pcap)
    kvm = a.kvm == "1" and use_kvm(image)
    try:
        command = image.command(args=args, memory=memory_size(a.mem), netdev=netdev, kvm=kvm, extra=extra,
                                disk=disk_file(image, a.disk, args))
    except emulator.MissingEmulator as e:
        fail(str(e))
    return command, where if image.http_port and (image.net or tap) else None


def run(image, a, tap):
    extra = debug_hint(image) if a.debug == "1" else []
    command, where = machine_command(image, a, tap, extra)
    stdin = None if sys.stdin.isatty() else subprocess.DEVNULL
    child = subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE)
    if where:
        host, port = where
        suffix = "" if port == 80 else f":{port}"
        threading.Thread(target=announce_when_serving, daemon=True,
                         args=(f"http://{host}{suffix}/", host, port, child)).start()
    return wait(child, image)


def gdb_command(image, port):
    """The debugger, at a machine that waits for it at this port."""
    return ["gdb-multiarch", "-q", image.elf, "-ex", f"target remote 127.0.0.1:{port}"]


def gdb_server():
    """Options with which QEMU halts before the first instruction and serves gdb, and the port that it does so at."""
    port = emulator.free_port(GDB_PORT)
    return ["-S", "-gdb", f"tcp:127.0.0.1:{port}"], port


def debug_hint(image):
    if image.is_process:
        fail(f"{caller.option('debug')} is for boards in QEMU; here, run: gdb --args {image.elf}")
    extra, port = gdb_server()
    print(f"Waiting for gdb:\n    {shlex.join(gdb_command(image, port))}", flush=True)
    return extra


def use_kvm(image):
    if not image.machine_kvm:
        fail(f"{caller.option('kvm')}: {image.board} is emulated only")
    own = os.uname().machine
    if not image.qemu.endswith("-" + own):
        print(f"{caller.command}: {caller.option('kvm')} has no effect for {image.board} on {own}; it is emulated "
              "(TCG)", flush=True)
        return False
    if not emulator.kvm_is_usable():
        print(f"{caller.command}: /dev/kvm cannot be used here; going on under emulation (TCG)", flush=True)
        return False
    return True


def relay(console, keep=65536):
    """Shows what the image prints as it comes, and returns the last of it."""
    tail = b""
    while chunk := os.read(console.fileno(), 4096):
        sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
        tail = (tail + chunk)[-keep:]
    return tail


def wait(child, image):
    # Ctrl-C reaches the child too; all that is left to do here is to outlive it.
    ended_by_user = []
    signal.signal(signal.SIGINT, lambda *_: ended_by_user.append(True))
    signal.signal(signal.SIGTERM, lambda *_: (ended_by_user.append(True), child.terminate()))
    tail = relay(child.stdout)
    code = child.wait()
    for addresses in symbolize.backtraces(tail):
        print("which is\n    " + "\n    ".join(symbolize.lines(image, addresses)))
    return 0 if ended_by_user else image.exit_status(code)


def with_tap(image, a, go):
    """go(tap), with a tap of its own for the host board if it needs one and none is named."""
    if image.is_process and image.netifs and not a.tap:
        if os.geteuid() != 0:
            fail("the host board needs a tap interface. To make one and use it:\n"
                 "    sudo ip tuntap add dev fata0 mode tap user $USER\n"
                 "    sudo ip address add 10.0.3.1/24 dev fata0\n"
                 "    sudo ip link set fata0 up\n"
                 f"    {caller.again(image, 'tap', 'fata0')}")
        with TemporaryTap() as tap:
            return go(tap)
    return go(a.tap)


def main():
    global caller
    a = parse_arguments()
    caller = Caller(a.caller)
    image = emulator.Image(a.image)
    return with_tap(image, a, lambda tap: run(image, a, tap))


if __name__ == "__main__":
    sys.exit(main())
