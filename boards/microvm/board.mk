# QEMU's microvm: x86-64 with virtio devices and nothing else, under KVM or TCG.

ARCH          := x86_64
BOARD_MODULES := boards/microvm runtime/newlib
BOARD_ABOUT   := QEMU's microvm, x86-64 under KVM or emulated, virtio devices
IMAGE_FORMATS :=
TESTED_APPS   := hello selftest web echo custom-device services iperf two-nics dhcp whole stacks disk diskcheck partitions cached

# Without ACPI QEMU says on the command line where the virtio devices are, and uses the faster firmware.
MICROVM          := -M microvm,acpi=off -no-user-config
# Without a second possible processor QEMU before 8.1 leaves memory barriers out of the code that it
# makes (TCG), and a virtio device now and then misses a notification.
QEMU_ONE_OF_TWO  := -smp 1,maxcpus=2
QEMU             := qemu-system-x86_64
QEMU_MACHINE     := $(MICROVM) -accel tcg -cpu max $(QEMU_ONE_OF_TWO)
QEMU_KVM         := $(MICROVM) -accel kvm -cpu host,-arch-capabilities
QEMU_KERNEL      := .elf
QEMU_DEVICES     := -global virtio-mmio.force-legacy=false -device virtio-rng-device
QEMU_NET         := virtio-net-device
QEMU_DISK        := virtio-blk-device
QEMU_EXIT        := -device isa-debug-exit,iobase=0xf4,iosize=1
QEMU_EXIT_IS_ODD := 1
QEMU_MEM         := 64M
