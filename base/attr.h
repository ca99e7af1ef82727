/* SPDX-License-Identifier: ISC */
/*
 * Compiler attributes under readable names, and the few macros that C lacks.
 */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H

#include <stddef.h>

#define MUST_USE      __attribute__((warn_unused_result))
#define NORETURN      __attribute__((noreturn))
#define PRINTF(f, a)  __attribute__((format(printf, f, a)))
#define ALIGNED(n)    __attribute__((aligned(n)))
#define SECTION(name) __attribute__((section(name)))
#define USED          __attribute__((used))
#define UNUSED        __attribute__((unused))
/* Never a part of its callers, whose frame or guard is not its own. */
#define APART         __attribute__((noinline))
/* The same for speed, of what is out of the packets' way; where size counts, as gcc likes. */
#ifdef BOARD_IS_SMALL
#define NOINLINE
#else
#define NOINLINE APART
#endif
/* With a large frame: where stacks are short it is no part of its caller, whose own other calls
 * would have that below them. */
#ifdef BOARD_IS_SMALL
#define DEEP APART
#else
#define DEEP
#endif
/* Out of the packets' way, and called from one place that is in it: where speed is optimized, the
 * registers that it needs are no matter of its caller. */
#ifdef __OPTIMIZE_SIZE__
#define ASIDE
#else
#define ASIDE APART
#endif
/* Called seldom, and from several places: where size is optimized, no copies of it stand there. */
#ifdef __OPTIMIZE_SIZE__
#define SELDOM APART
#else
#define SELDOM
#endif
/*
 * A function with an array of char on its stack, which is guarded then as those with an array of
 * uint8_t are: where objects are optimized together, gcc takes no char for a byte, and the guard
 * does not go with what becomes a part of its caller. UNGUARDED is one whose arrays hold only texts
 * that the image makes itself, of numbers, addresses, dates and the values of boot arguments, by
 * functions that are given their size and tested to it: the guard would cost more than they.
 */
#if defined(__clang__)
#define GUARDED APART
#else
#define GUARDED __attribute__((noinline, stack_protect))
#endif
#define UNGUARDED __attribute__((no_stack_protector))
/* With variable arguments, none of them a floating-point number: where those come in registers of
 * their own, it does not save them. */
#ifdef FLOATS_IN_REGISTERS
#define NO_FLOATS __attribute__((target("general-regs-only")))
#else
#define NO_FLOATS
#endif
/*
 * On every packet's path: lies beside the others of the same part of it, so that calls stay within
 * few pages (docs/ARCHITECTURE.md). The parts are device (drivers, Ethernet, packets), input (what
 * IP and TCP do with what arrives) and output (what is sent, and the application). A function
 * without it, or in the wrong part, is as right, only farther away.
 */
#define HOT(part)     SECTION(".text.hot." #part)
/* Of a few instructions, on every packet's path: also where the optimizer would save the bytes. */
#define ALWAYS_INLINE static inline __attribute__((always_inline))
/*
 * Also of a few instructions: a part of its callers in the source files on that path, which define
 * HOT_FILE before they include anything. Elsewhere calls are smaller, though gcc thinks otherwise.
 */
#if defined(HOT_FILE) && !defined(BOARD_IS_SMALL)
#define BRIEF ALWAYS_INLINE
#elif defined(__OPTIMIZE_SIZE__)
#define BRIEF HOT(output) UNUSED APART static
#else
#define BRIEF static inline
#endif
/* And `inline` before a function in a source file, of which there is a prototype: called as others,
 * but where size does not matter, a part of its callers. */
#define COLD __attribute__((cold))
#define WEAK __attribute__((weak))
/* A size, where the board has a few dozen KiB of memory (BOARD_IS_SMALL in its board.mk) and
 * elsewhere. */
#ifdef BOARD_IS_SMALL
#define BY_MEMORY(small, usual) (small)
#else
#define BY_MEMORY(small, usual) (usual)
#endif
#define LIKELY(x)   __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* The size of the lines that DMA buffers are aligned to: the largest of our targets. Small boards
 * have no caches, or leave them off. */
#define CACHE_LINE_BYTES BY_MEMORY(8, 64)

/* What access rights are for. Architectures where that is not so say so in their arch.mk. */
#ifndef PAGE_BYTES
#define PAGE_BYTES 4096
#endif

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
/* One of the arguments is evaluated twice: none that does work. */
#define MIN(a, b)     ((a) < (b) ? (a) : (b))
#define MAX(a, b)     ((a) > (b) ? (a) : (b))

/* The structure of type `type` whose member `member` is at `ptr`. */
#define container_of(ptr, type, member) ((type *)(void *)((char *)(ptr)-offsetof(type, member)))

/* `n` rounded up or down to a multiple of `a`, a power of two. */
#define ROUND_UP(n, a)   (((n) + ((a)-1)) & ~((__typeof__(n))(a)-1))
#define ROUND_DOWN(n, a) ((n) & ~((__typeof__(n))(a)-1))

#endif
