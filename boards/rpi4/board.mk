# Raspberry Pi 4, 64-bit Arm.

ARCH              := aarch64
BOARD_MODULES     := boards/rpi4 runtime/newlib
BOARD_ABOUT       := Raspberry Pi 4, 64-bit Arm
IMAGE_FORMATS     := .img
TESTED_APPS       := hello selftest web disk diskcheck partitions pins watched

QEMU         := qemu-system-aarch64
QEMU_NEEDS   := raspi4b
QEMU_MACHINE := -machine raspi4b
QEMU_KERNEL  := .img
QEMU_EXIT    := -semihosting-config enable=on,target=native
QEMU_DISK    := sd-card,bus=/generic-sdhci/sd-bus
QEMU_MEM     := 2G

# The card that it starts from.
CARD_KERNEL        := kernel8.img
CARD_FILES         := config.txt
CARD_FIRMWARE      := start4.elf fixup4.dat bcm2711-rpi-4-b.dtb bcm2711-rpi-400.dtb bcm2711-rpi-cm4.dtb \
                      overlays/disable-bt.dtbo
CARD_FIRMWARE_FROM := https://github.com/raspberrypi/firmware, folder boot

# By JTAG. The pins have no reset of the whole board.
OPENOCD := -f interface/cmsis-dap.cfg -c "transport select jtag" -f target/bcm2711.cfg -c "reset_config trst_only"
