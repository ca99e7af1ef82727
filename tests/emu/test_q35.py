# SPDX-License-Identifier: ISC
"""q35: the devices of PCI in all forms that a machine may give them, and how the machine ends."""

import pytest

from guest import Guest
from monitor import Monitor

CARD = "virtio-net-pci,romfile="
READY = "ready"
#: form of the card -> its model with options, and what is between it and the machine
CARDS = {
    "modern only": (f"{CARD},disable-legacy=on", ()),
    "behind a port": (f"{CARD},bus=door", ("-device", "pcie-root-port,id=door,slot=1")),
    "behind a bridge": (f"{CARD},bus=inner,addr=3", ("-device", "pcie-pci-bridge,id=outer", "-device",
                                                   "pci-bridge,id=inner,bus=outer,chassis_nr=1")),
    "no messages, so by its line": (f"{CARD},vectors=0", ()),
    "a message too few, so by its line": (f"{CARD},vectors=1", ()),
    "further functions of its slot": (f"{CARD},addr=7.1", ("-device", "virtio-rng-pci,addr=7.0,multifunction=on")),
    "packed rings offered": (f"{CARD},packed=on,iommu_platform=on,disable-legacy=on", ()),
}


def serves(guest):
    guest.wait_for(READY)
    for _ in range(20):
        assert guest.get("/")[0] == 200


@pytest.mark.parametrize("form", CARDS)
def test_a_card_serves(form):
    card, before = CARDS[form]
    with Guest("q35", "web", tcp=(80,), card=card, machine=before) as guest:
        serves(guest)


@pytest.mark.parametrize("machine, options", [
    (["-machine", "pc"], {}), (["-machine", "q35,acpi=off"], {}), ([], {"memory": "3G"}), ([], {"memory": "5G"}),
    (["-cpu", "qemu64"], {}), (["-cpu", "max,-hypervisor"], {})],
    ids=["PCI by its ports", "no ACPI", "3 GiB", "memory above 4 GiB", "an old processor", "a hypervisor that hides"])
def test_a_machine_serves(machine, options):
    with Guest("q35", "web", tcp=(80,), machine=machine, **options) as guest:
        serves(guest)


@pytest.mark.parametrize("card, said", [
    (f"{CARD},disable-modern=on", "a virtio device has no registers of version 1.0 that can be used"),
    ("e1000", "there is no such network device; give QEMU -netdev …,id=n0 -device virtio-net-pci,netdev=n0")])
def test_a_card_of_another_kind_is_said_in_one_line(card, said):
    with Guest("q35", "web", network=True, card=card) as guest:
        assert guest.wait_exit() == 1
        console = guest.console().splitlines()
    assert console[0] == f"q35: {said}"
    assert len(console) == 2 and console[1].startswith("error: net0 does not start: no such device (config.c:")


@pytest.mark.parametrize("vectors", [3, 0])
def test_a_pulled_cable_is_noticed(vectors, tmp_path):
    """By the message of the configuration, and by the line."""
    monitor = Monitor(tmp_path / "qmp")
    with Guest("q35", "web", args="--log=debug", tcp=(80,), card=f"{CARD},vectors={vectors}",
               extra=monitor.options) as guest:
        serves(guest)
        monitor.run("set_link", name="n0", up=False)
        down = guest.wait_for("net0: link down\n")
        monitor.run("set_link", name="n0", up=True)
        guest.wait_for("net0: link up\n", after=down)
        serves(guest)


def without_debug_exit(guest):
    """As clouds have it: nothing takes a status, and a reset starts the machine anew."""
    for word in ("-no-reboot", "-device", "isa-debug-exit,iobase=0xf4,iosize=1"):
        at = guest.command.index(word)
        del guest.command[at]
    return guest


@pytest.mark.parametrize("machine", ["q35", "pc"])
@pytest.mark.parametrize("app, args", [("hello", ""), ("hello", "--nmae=x"), ("selftest", "--crash=null")])
def test_the_end_is_switching_off(machine, app, args):
    """By ACPI, whatever the status: it runs once."""
    with without_debug_exit(Guest("q35", app, args=args, machine=["-machine", machine])) as guest:
        assert guest.wait_exit() == 0
        assert "ACPI does not say" not in guest.console()


def test_without_acpi_the_end_is_a_reset():
    with Guest("q35", "hello", machine=["-machine", "q35,acpi=off"]) as guest:
        assert guest.wait_exit() == 0  # -no-reboot
        console = guest.console()
    assert console.count("Hello") == 1
    assert "q35: ACPI does not say how to switch off: the end will be a reset\n" in console
