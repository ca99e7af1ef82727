# QEMU's "virt" machine with a 32-bit Arm processor.

ARCH              := armv7a
BOARD_MODULES     := boards/virt-arm runtime/newlib
BOARD_ABOUT       := QEMU's virt machine, 32-bit Arm, virtio devices
IMAGE_FORMATS     := .img

# Without a second possible processor QEMU before 8.1 leaves memory barriers out of the code that it
# makes (TCG), and a virtio device now and then misses a notification.
QEMU_ONE_OF_TWO  := -smp 1,maxcpus=2
QEMU             := qemu-system-arm
QEMU_MACHINE     := -machine virt -cpu cortex-a15 $(QEMU_ONE_OF_TWO)
QEMU_KERNEL      := .img
QEMU_DEVICES     := -global virtio-mmio.force-legacy=false -device virtio-rng-device
QEMU_NET         := virtio-net-device
QEMU_DISK        := virtio-blk-device
QEMU_EXIT        := -semihosting-config enable=on,target=native
QEMU_MEM         := 128M
