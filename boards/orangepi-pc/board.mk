# Orange Pi PC: Allwinner H3, 32-bit Arm.

ARCH              := armv7a
BOARD_MODULES     := boards/orangepi-pc runtime/newlib
BOARD_ABOUT       := Orange Pi PC (Allwinner H3), 32-bit Arm
IMAGE_FORMATS     := .img .bin .hex
TESTED_APPS       := hello selftest web iperf dhcp disk diskcheck partitions
TESTED_DMA_CHECKS := apps/web tests/emu/apps/disk

QEMU         := qemu-system-arm
QEMU_MACHINE := -machine orangepi-pc
QEMU_KERNEL  := .img
QEMU_NET     := nic:allwinner-sun8i-emac
QEMU_DISK    := if=sd
QEMU_EXIT    := -semihosting-config enable=on,target=native
QEMU_MEM     := 1G

# The card that it starts from: U-Boot, whose first stage the chip reads at 8 KiB, and what that reads.
CARD_KERNEL        := fata.img
CARD_FILES         := extlinux/extlinux.conf
CARD_FIRMWARE      := u-boot-sunxi-with-spl.bin
CARD_FIRMWARE_FROM := U-Boot, built for orangepi_pc_defconfig
CARD_RAW           := u-boot-sunxi-with-spl.bin:8192
