# A process on the build machine: for development, tests and benchmarks that count instructions.

ARCH          := host
BOARD_MODULES := boards/host
BOARD_ABOUT   := a process on this Linux machine, network over a tap device
IMAGE_FORMATS :=

# Size is no matter here: what says `inline` is a part of its callers also where gcc finds it rather long.
OPTIMIZE      ?= -O2 --param=max-inline-insns-single=120

# Run directly, without an emulator.
QEMU          :=
