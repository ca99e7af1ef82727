# Arm's Versatile Express with a Cortex-A15.

ARCH              := armv7a
BOARD_MODULES     := boards/vexpress-a15 runtime/newlib
BOARD_ABOUT       := Arm's Versatile Express with a Cortex-A15, 32-bit Arm
IMAGE_FORMATS     := .img
TESTED_APPS       := hello selftest web disk diskcheck partitions flash

QEMU         := qemu-system-arm
QEMU_MACHINE := -machine vexpress-a15 -audiodev none,id=none -global pl041.audiodev=none
QEMU_KERNEL  := .img
QEMU_NET     := nic:lan9118
QEMU_DISK    := if=sd
QEMU_EXIT    := -semihosting-config enable=on,target=native
QEMU_MEM     := 128M
