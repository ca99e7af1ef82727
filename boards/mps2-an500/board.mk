# Arm's MPS2 board as a Cortex-M7: as the M3, but for what is said here.

include boards/mps2-an385/board.mk

ARCH_CPU      := cortex-m7
BOARD_MODULES := boards/mps2-an500 runtime/newlib runtime/newlib/string
BOARD_ABOUT   := Arm's MPS2 board as a Cortex-M7 microcontroller
TESTED_APPS   := hello selftest small web
QEMU_MACHINE  := -machine mps2-an500
