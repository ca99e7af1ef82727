/* SPDX-License-Identifier: ISC */
/*
 * What only x86 has, for the drivers and boards that are for x86 only: port I/O, CPUID, model
 * specific registers, the time-stamp counter, and the number of the interrupt being handled.
 */
#ifndef ARCH_X86_H
#define ARCH_X86_H

#include <stdint.h>

static inline uint8_t port_read8(uint16_t port)
{
	uint8_t v;
	__asm__ volatile("inb %w1, %b0" : "=a"(v) : "Nd"(port) : "memory");
	return v;
}

static inline void port_write8(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %b0, %w1" ::"a"(value), "Nd"(port) : "memory");
}

static inline uint16_t port_read16(uint16_t port)
{
	uint16_t v;
	__asm__ volatile("inw %w1, %w0" : "=a"(v) : "Nd"(port) : "memory");
	return v;
}

static inline void port_write16(uint16_t port, uint16_t value)
{
	__asm__ volatile("outw %w0, %w1" ::"a"(value), "Nd"(port) : "memory");
}

static inline uint32_t port_read32(uint16_t port)
{
	uint32_t v;
	__asm__ volatile("inl %w1, %0" : "=a"(v) : "Nd"(port) : "memory");
	return v;
}

static inline void port_write32(uint16_t port, uint32_t value)
{
	__asm__ volatile("outl %0, %w1" ::"a"(value), "Nd"(port) : "memory");
}

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

static inline struct cpuid cpuid(uint32_t leaf, uint32_t subleaf)
{
	struct cpuid r;
	__asm__ volatile("cpuid"
			 : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
			 : "a"(leaf), "c"(subleaf));
	return r;
}

static inline uint64_t msr_read(uint32_t msr)
{
	uint32_t low, high;
	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr) : "memory");
	return ((uint64_t)high << 32) | low;
}

static inline void msr_write(uint32_t msr, uint64_t value)
{
	__asm__ volatile("wrmsr" ::"c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
			 : "memory");
}

static inline uint64_t tsc_read(void)
{
	uint32_t low, high;
	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high)::"memory");
	return ((uint64_t)high << 32) | low;
}

/* The time-stamp counter at the image's first instruction. */
extern uint64_t tsc_at_entry;

/*
 * Vectors: 0 to 31 are the processor's exceptions; an interrupt controller may use those from
 * VECTOR_IRQ up to VECTOR_SPURIOUS, and that one for interrupts that were withdrawn.
 */
enum {
	VECTOR_IRQ = 32,
	VECTOR_SPURIOUS = 95,
	VECTORS = 96,
};

/* The vector of the interrupt that interrupt() is called for. */
extern uint32_t irq_vector;

/*
 * How this machine is told to end; the board says. An entry of 0 is not there. Without any, an exit
 * is a triple fault, which resets the machine (or ends an emulator that was told not to reboot).
 */
struct power_control {
	uint16_t debug_exit_port; /* isa-debug-exit: takes the status, QEMU exits with 2 s + 1 */
	uintptr_t sleep_control;  /* ACPI 6.4 section 4.8.3.7: one byte in memory */
	void (*off)(void);        /* whatever else ends the machine; it may return */
};

extern struct power_control board_power;

#endif
