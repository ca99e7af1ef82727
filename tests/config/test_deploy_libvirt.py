# SPDX-License-Identifier: ISC
"""fata deploy --format=libvirt: domains that a libvirt daemon of an ordinary user's session starts."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time

import pytest

from deploy_rig import ODD_NAME, ODD_WORD, QEMU_BOARDS, emulator, image, must, status_of_get, wait_until, xml_of
from fata import sanitized


@pytest.fixture(scope="module")
def fata():
    return sanitized()


class Libvirt:
    """A libvirt daemon of an ordinary user's session, with a folder of its own."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fata-", dir="/tmp"))
        self.as_user = []
        if os.geteuid() == 0:
            nobody = 65534
            os.chown(self.folder, nobody, nobody)
            self.as_user = ["setpriv", f"--reuid={nobody}", f"--regid={nobody}", "--clear-groups"]
        self.folder.chmod(0o755)
        self.env = {"HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self.folder), "LC_ALL": "C",
                    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
        self.log = open(self.folder / "libvirtd.log", "wb")
        self.daemon = subprocess.Popen([*self.as_user, "libvirtd"], env=self.env, stdin=subprocess.DEVNULL,
                                       stdout=self.log, stderr=subprocess.STDOUT)

    def close(self):
        self.daemon.terminate()
        self.daemon.wait(30)
        self.log.close()
        shutil.rmtree(self.folder)

    def virsh(self, *words):
        return must(*self.as_user, "virsh", "-q", "-c", "qemu:///session", *words, env=self.env)

    def copy(self, folder):
        """A copy of an image that the daemon may read."""
        to = self.folder / f"{folder.parent.name}-{folder.name}"
        if not to.exists():
            to.mkdir(mode=0o755)
            for file in folder.glob("*"):
                if file.suffix in (".elf", ".img", ".json"):
                    shutil.copy(file, to)
                    (to / file.name).chmod(0o644)
        return to

    def define(self, xml):
        must("virt-xml-validate", xml, "domain")
        xml.chmod(0o644)
        self.virsh("define", xml)


@pytest.fixture(scope="module")
def libvirt():
    daemon = Libvirt()
    try:
        wait_until((daemon.folder / "libvirt/libvirt-sock").exists)
        yield daemon
    finally:
        daemon.close()


def read_until(fd, text):
    seen = b""
    os.set_blocking(fd, False)

    def ask():
        nonlocal seen
        try:
            seen += os.read(fd, 4096)
        except OSError:
            pass
        return text in seen
    wait_until(ask)
    return seen


@pytest.mark.parametrize("board", QEMU_BOARDS)
def test_libvirt_boots_the_image_with_published_ports(fata, libvirt, board):
    folder, port = libvirt.copy(image(board, "web")), emulator.free_port()
    xml = libvirt.folder / "web.xml"
    fata("deploy", "--format=libvirt", "-o", xml, f"--name=web {board}", f"--publish={port}:80", folder)
    libvirt.define(xml)
    libvirt.virsh("start", f"web {board}")
    try:
        assert wait_until(lambda: status_of_get(port)) == 200
    finally:
        libvirt.virsh("destroy", f"web {board}")
        libvirt.virsh("undefine", f"web {board}")


@pytest.mark.parametrize("board", QEMU_BOARDS)
def test_libvirt_shows_the_console(fata, libvirt, board):
    xml = libvirt.folder / "console.xml"
    fata("deploy", "--format=libvirt", "-o", xml, "--name=console", "--publish=none",
         libvirt.copy(image(board, "web")))
    assert "commandline" not in xml.read_text()
    libvirt.define(xml)
    libvirt.virsh("start", "--paused", "console")
    try:
        fd = os.open(libvirt.virsh("ttyconsole", "console").strip(), os.O_RDWR | os.O_NOCTTY)
        time.sleep(2)  # QEMU looks once a second whether somebody listens
        libvirt.virsh("resume", "console")
        read_until(fd, b"ready")
        os.close(fd)
    finally:
        libvirt.virsh("destroy", "console")
        libvirt.virsh("undefine", "console")


@pytest.mark.parametrize("board", QEMU_BOARDS)
def test_libvirt_domain_is_off_when_the_image_ended(fata, libvirt, board):
    xml = libvirt.folder / "hello.xml"
    fata("deploy", "--format=libvirt", "-o", xml, f"--name={ODD_NAME}", f"--args=--name={ODD_WORD}",
         libvirt.copy(image(board, "hello")))
    libvirt.define(xml)
    got = xml_of(libvirt.virsh("dumpxml", ODD_NAME))
    assert got.findtext("name") == ODD_NAME and got.findtext("os/cmdline") == f"--name={ODD_WORD}"
    # An image that ends within milliseconds can end before `virsh start` is done, which that calls a failure.
    libvirt.virsh("start", "--paused", ODD_NAME)
    try:
        libvirt.virsh("qemu-monitor-command", ODD_NAME, '{"execute": "cont"}')
        wait_until(lambda: libvirt.virsh("domstate", ODD_NAME).strip() == "shut off")
    finally:
        libvirt.virsh("undefine", ODD_NAME)


def test_libvirt_networks_and_kvm(fata, tmp_path):
    path = tmp_path / "web.xml"
    fata("deploy", "--format=libvirt", "-o", path, "--tap=fata7", "--kvm", image("microvm", "web"))
    must("virt-xml-validate", path, "domain")
    domain = xml_of(path.read_text())
    assert domain.get("type") == "kvm" and domain.find("cpu").get("mode") == "host-passthrough"
    assert domain.find("cpu/feature").attrib == {"policy": "disable", "name": "arch-capabilities"}
    assert domain.find("devices/interface/target").get("dev") == "fata7"
    fata("deploy", "--format=libvirt", "-o", path, "--bridge=br7", "--kvm", image("virt-aarch64", "web"))
    must("virt-xml-validate", path, "domain")
    domain = xml_of(path.read_text())
    assert domain.find("devices/interface/source").get("bridge") == "br7"
    assert domain.find("features/gic").get("version") == "host"
