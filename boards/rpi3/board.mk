# Raspberry Pi 3 and Zero 2 W, 64-bit Arm.

ARCH              := aarch64
BOARD_MODULES     := boards/rpi3 runtime/newlib
BOARD_ABOUT       := Raspberry Pi 3 and Zero 2 W, 64-bit Arm
BOARD_USES_LIBFDT := 1
IMAGE_FORMATS     := .img
TESTED_APPS       := hello selftest web fetch dhcp

QEMU         := qemu-system-aarch64
QEMU_MACHINE := -machine raspi3b
QEMU_KERNEL  := .img
QEMU_NET     := usb-net
QEMU_EXIT    := -semihosting-config enable=on,target=native
QEMU_MEM     := 1G
