# Raspberry Pi 3 and Zero 2 W, 64-bit Arm.

ARCH              := aarch64
BOARD_MODULES     := boards/rpi3 runtime/newlib
BOARD_ABOUT       := Raspberry Pi 3 and Zero 2 W, 64-bit Arm
IMAGE_FORMATS     := .img
TESTED_APPS       := hello selftest web fetch dhcp disk diskcheck partitions pins watched

QEMU         := qemu-system-aarch64
QEMU_MACHINE := -machine raspi3b
QEMU_KERNEL  := .img
QEMU_NET     := usb-net
QEMU_DISK    := if=sd
QEMU_EXIT    := -semihosting-config enable=on,target=native
QEMU_MEM     := 1G

# The card that it starts from.
CARD_KERNEL        := kernel8.img
CARD_FILES         := config.txt
CARD_FIRMWARE      := bootcode.bin start.elf fixup.dat bcm2710-rpi-3-b.dtb bcm2710-rpi-3-b-plus.dtb \
                      bcm2710-rpi-cm3.dtb bcm2710-rpi-zero-2-w.dtb overlays/disable-bt.dtbo
CARD_FIRMWARE_FROM := https://github.com/raspberrypi/firmware, folder boot

# By JTAG. The pins have no reset of the whole board.
OPENOCD := -f interface/cmsis-dap.cfg -c "transport select jtag" -f target/bcm2837.cfg -c "reset_config trst_only"
