# QEMU's "virt" machine with a 64-bit Arm processor; also under KVM on a 64-bit Arm host.

ARCH              := aarch64
BOARD_MODULES     := boards/virt-aarch64 runtime/newlib
BOARD_ABOUT       := QEMU's virt machine, 64-bit Arm, virtio devices
IMAGE_FORMATS     := .img

# Without a second possible processor QEMU before 8.1 leaves memory barriers out of the code that it
# makes (TCG), and a virtio device now and then misses a notification.
QEMU_ONE_OF_TWO  := -smp 1,maxcpus=2
QEMU             := qemu-system-aarch64
QEMU_MACHINE     := -machine virt -cpu cortex-a72 $(QEMU_ONE_OF_TWO)
QEMU_KVM         := -machine virt,gic-version=host -cpu host -accel kvm
QEMU_KERNEL      := .img
QEMU_DEVICES     := -global virtio-mmio.force-legacy=false -device virtio-rng-device
QEMU_NET         := virtio-net-device
QEMU_DISK        := virtio-blk-device
QEMU_EXIT        := -semihosting-config enable=on,target=native
QEMU_MEM         := 128M
