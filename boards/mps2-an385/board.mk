# Arm's MPS2 board as a Cortex-M3.

ARCH          := armv7m
BOARD_MODULES := boards/mps2-an385 runtime/newlib runtime/newlib/string
BOARD_ABOUT   := Arm's MPS2 board as a Cortex-M3 microcontroller
BOARD_IS_SMALL := 1
IMAGE_FORMATS := .bin .hex
TESTED_APPS   := hello selftest small web stacks babble

# Of OpenOCD's own files none is for this board, whose debug port is an ordinary one.
OPENOCD := -f interface/cmsis-dap.cfg -c "transport select swd" -c "adapter speed 1000" -c "swd newdap mps2 cpu -enable" -c "dap create mps2.dap -chain-position mps2.cpu" -c "target create mps2.cpu cortex_m -dap mps2.dap"
OPENOCD_FLASH := load

QEMU         := qemu-system-arm
QEMU_MACHINE := -machine mps2-an385
QEMU_KERNEL  := .elf
QEMU_ARGS    := image
QEMU_NET     := nic:lan9118
QEMU_EXIT    := -semihosting-config enable=on,target=native
QEMU_MEM     := 16M
