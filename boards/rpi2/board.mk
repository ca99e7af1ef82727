# Raspberry Pi 2, 32-bit Arm.

ARCH              := armv7a
BOARD_MODULES     := boards/rpi2 runtime/newlib
BOARD_ABOUT       := Raspberry Pi 2, 32-bit Arm
IMAGE_FORMATS     := .img
TESTED_APPS       := hello selftest web fetch dhcp disk diskcheck partitions pins watched

QEMU         := qemu-system-arm
QEMU_MACHINE := -machine raspi2b
QEMU_KERNEL  := .img
QEMU_NET     := usb-net
QEMU_DISK    := if=sd
QEMU_EXIT    := -semihosting-config enable=on,target=native
QEMU_MEM     := 1G

# The card that it starts from.
CARD_KERNEL        := kernel7.img
CARD_FILES         := config.txt
CARD_FIRMWARE      := bootcode.bin start.elf fixup.dat bcm2709-rpi-2-b.dtb bcm2710-rpi-2-b.dtb
CARD_FIRMWARE_FROM := https://github.com/raspberrypi/firmware, folder boot

# By JTAG. The pins have no reset of the whole board.
OPENOCD := -f interface/cmsis-dap.cfg -c "transport select jtag" -f target/bcm2836.cfg -c "reset_config trst_only"
