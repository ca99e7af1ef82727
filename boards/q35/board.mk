# QEMU's q35 and the PCs of clouds: x86-64 with virtio devices over PCI, under KVM or TCG.

ARCH          := x86_64
BOARD_MODULES := boards/q35 runtime/newlib
BOARD_ABOUT   := QEMU's q35 and clouds' PCs, x86-64 under KVM or emulated, virtio over PCI
IMAGE_FORMATS :=

Q35              := -M q35 -no-user-config
# Without a second possible processor QEMU before 8.1 leaves memory barriers out of the code that it
# makes (TCG), and a virtio device now and then misses a notification.
QEMU_ONE_OF_TWO  := -smp 1,maxcpus=2
QEMU             := qemu-system-x86_64
QEMU_MACHINE     := $(Q35) -accel tcg -cpu max $(QEMU_ONE_OF_TWO)
QEMU_KVM         := $(Q35) -accel kvm -cpu host,-arch-capabilities
QEMU_KERNEL      := .elf
QEMU_DEVICES     := -device virtio-rng-pci
# No card is booted from: without its ROM the firmware is done sooner.
QEMU_NET         := virtio-net-pci,romfile=
QEMU_DISK        := virtio-blk-pci
QEMU_EXIT        := -device isa-debug-exit,iobase=0xf4,iosize=1
QEMU_EXIT_IS_ODD := 1
QEMU_MEM         := 64M
DISK_LOADER      := grub
TESTED_APPS      := hello selftest web dhcp two-nics stacks disk diskcheck partitions cached
