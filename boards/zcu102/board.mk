# AMD's ZCU102: a Zynq UltraScale+ with four Cortex-A53, of which one runs.

ARCH              := aarch64
BOARD_MODULES     := boards/zcu102 runtime/newlib
BOARD_ABOUT       := AMD's ZCU102, Zynq UltraScale+, 64-bit Arm
IMAGE_FORMATS     := .img
TESTED_APPS       := hello selftest web iperf dhcp disk diskcheck partitions ipv6
TESTED_DMA_CHECKS := apps/iperf

# Card number k of QEMU's command line is GEM k, and the board has its port at GEM 3.
QEMU_OTHER_GEM := -nic user,restrict=on,model=cadence_gem
QEMU           := qemu-system-aarch64
QEMU_MACHINE   := -machine xlnx-zcu102 -audiodev none,id=none
QEMU_DEVICES   := $(QEMU_OTHER_GEM) $(QEMU_OTHER_GEM) $(QEMU_OTHER_GEM)
QEMU_KERNEL    := .img
QEMU_ARGS      := image
QEMU_NET       := nic:cadence_gem
QEMU_DISK      := if=sd,index=1
QEMU_EXIT      := -semihosting-config enable=on,target=native
QEMU_MEM       := 1G

# The card that it starts from: U-Boot reads extlinux/extlinux.conf.
CARD_KERNEL        := fata.img
CARD_FILES         := extlinux/extlinux.conf
CARD_FIRMWARE      := BOOT.BIN
CARD_FIRMWARE_FROM := what PetaLinux or Yocto builds for the board

# By JTAG.
OPENOCD := -f interface/ftdi/digilent_jtag_smt2_nc.cfg -f target/xilinx_zynqmp.cfg
