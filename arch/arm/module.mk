MODULES           += arch/arm
arch/arm.sources  := backtrace.c checksum.c context.S context.c
arch/arm.requires := base arch/include
