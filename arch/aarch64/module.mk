MODULES               += arch/aarch64
arch/aarch64.sources  := backtrace.c boot.c context.c cpu.c entry.S exit.c exit_calls.S fault.c \
                         fault_cause.c mmu.c mmu_image.c string.S switch.S vectors.S
arch/aarch64.requires := base arch/include
# Part of it runs before the MMU does, when all memory is device memory: no unaligned access, and no
# calls of memset() and memcpy(), which make some.
arch/aarch64.cflags   := -mstrict-align -fno-tree-loop-distribute-patterns
