# SPDX-License-Identifier: ISC
"""Serving the files of a FAT volume on a virtio disk: Fata, and a Linux guest with vfat and sendfile()."""

import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))
import folder_disk  # noqa: E402
import guests  # noqa: E402
import linux_guest  # noqa: E402
import load  # noqa: E402
import netns  # noqa: E402
import stage  # noqa: E402
import table  # noqa: E402
import versus  # noqa: E402

BOARD = "virt-aarch64"
KIB, MIB = 1 << 10, 1 << 20
#: Fata's images: what they read at a time, as http_files() does by itself and more, and whether over a cache.
IMAGES = {"8k": "--pieces=8k", "64k": "--pieces=64k", "64k cached": "--pieces=64k --cache"}
SMALL, LARGE = "/small.bin", "/large.bin"
#: key: page, its bytes, connections.
LOADS = {
    "small1": (SMALL, KIB, 1),
    "small": (SMALL, KIB, 64),
    "large1": (LARGE, MIB, 1),
    "large": (LARGE, MIB, 4),
}
CPU = "   its processor time, µs"
MEASURES = {
    "small1": ("req/s of 1 KiB keep-alive, 1 connection", "{:,.0f}"),
    "small1_us": (CPU, "{:,.1f}"),
    "small": ("req/s of 1 KiB keep-alive, 64 connections", "{:,.0f}"),
    "small_us": (CPU, "{:,.1f}"),
    "large1": ("files of 1 MiB, 1 connection, Gbit/s", "{:,.2f}"),
    "large1_us": (CPU, "{:,.0f}"),
    "large": ("files of 1 MiB, 4 connections, Gbit/s", "{:,.2f}"),
    "large_us": (CPU, "{:,.0f}"),
    "boot": ("exec to first 200, ms", "{:,.0f}"),
}
versus.LESS_IS_BETTER.update(key for key in MEASURES if key.endswith("_us"))


class Contestant(versus.Contestant):
    """One whose pages are files of the disk."""

    def round(self, seconds, measures):
        with self.running(self.web) as server:
            self.note("boot", self.ready_ms)
            for key in measures:
                self.load(server, key, seconds, lambda key=key: self.rate(key, seconds))

    def rate(self, key, seconds):
        page, size, connections = LOADS[key]
        rate = load.wrk(self.address, connections, seconds, path=page)
        if size == MIB:
            return rate * MIB * 8 / 1e9, rate * seconds
        return rate, rate * seconds


def make_disk(folder):
    site = folder / "site"
    site.mkdir()
    for page, size, _ in LOADS.values():
        (site / page[1:]).write_bytes(os.urandom(size))
    folder_disk.make("dir", str(site), folder / "disk.img")
    return str(folder / "disk.img")


def app_of(name):
    return "disk-files-" + name.replace(" ", "-")


def show(contestants):
    """Each of Fata's images beside Linux."""
    *own, peer = contestants
    rows = [["", *(c.name for c in contestants), *(f"ratio of {pieces}" for pieces in IMAGES)]]
    for key in [k for k in MEASURES if k in peer.found]:
        label, form = MEASURES[key]
        rows.append([label, *(versus.spread(form, c.found[key]) for c in contestants),
                     *(versus.ratio(key, c.found[key], peer.found[key]) for c in own)])
    print(f"\n{BOARD} under TCG, one tap, {guests.MEMORY}, files of a FAT volume: median (least-most); ratio: how many "
          "times better Fata is")
    table.show(rows)


def measure(seconds, rounds):
    if versus.available("Linux", lambda: stage.linux_server(linux_guest.MACHINES[BOARD].arch, True)) is None:
        raise stage.Unavailable("there is nothing to compare with")
    stage.make_apps(BOARD, "web")  # whose machine guests have
    for name, keys in IMAGES.items():
        stage.make_goal(BOARD, f"APP_DIR={stage.disk_files()}", f"APP={app_of(name)}", f"KEYS={keys}")
    with tempfile.TemporaryDirectory() as folder:
        disk = make_disk(pathlib.Path(folder))
        found = [Contestant(f"Fata, {name}", lambda name=name: guests.fata(BOARD, app_of(name), disk=disk), page=SMALL)
                 for name in IMAGES]
        found.append(Contestant("Linux, vfat", lambda: guests.LinuxGuest(BOARD, disk), page=SMALL))
        with netns.Network():
            guests.know_guest(BOARD)
            versus.run_rounds(found, rounds, seconds, list(LOADS))
    show(found)
    return {c.name: c.found for c in found}
