MODULES           += arch/arm
arch/arm.sources  := backtrace.c context.S context.c
arch/arm.requires := base arch/include
