# QEMU's "virt" machine with a 32-bit Arm processor.

ARCH              := armv7a
BOARD_MODULES     := boards/virt-arm runtime/newlib
BOARD_ABOUT       := QEMU's virt machine, 32-bit Arm, virtio devices
BOARD_USES_LIBFDT := 1
IMAGE_FORMATS     := .img

QEMU             := qemu-system-arm
QEMU_MACHINE     := -machine virt -cpu cortex-a15
QEMU_KERNEL      := .img
QEMU_DEVICES     := -global virtio-mmio.force-legacy=false -device virtio-rng-device
QEMU_NET         := virtio-net-device
QEMU_EXIT        := -semihosting-config enable=on,target=native
QEMU_MEM         := 128M
