# Raspberry Pi 2, 32-bit Arm.

ARCH              := armv7a
BOARD_MODULES     := boards/rpi2 runtime/newlib
BOARD_ABOUT       := Raspberry Pi 2, 32-bit Arm
BOARD_USES_LIBFDT := 1
IMAGE_FORMATS     := .img
TESTED_APPS       := hello selftest web fetch dhcp

QEMU         := qemu-system-arm
QEMU_MACHINE := -machine raspi2b
QEMU_KERNEL  := .img
QEMU_NET     := usb-net
QEMU_EXIT    := -semihosting-config enable=on,target=native
QEMU_MEM     := 1G
