# Arm's MPS2 board as a Cortex-M4: as the M3, but for what is said here.

include boards/mps2-an385/board.mk

ARCH_CPU      := cortex-m4
BOARD_MODULES := boards/mps2-an386 runtime/newlib runtime/newlib/string
BOARD_ABOUT   := Arm's MPS2 board as a Cortex-M4 microcontroller
TESTED_APPS   := hello selftest small web
QEMU_MACHINE  := -machine mps2-an386
