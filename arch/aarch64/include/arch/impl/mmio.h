/* SPDX-License-Identifier: ISC */
/*
 * Loads and stores of one width. In assembly, since of these forms alone a hypervisor can
 * read from the syndrome register what was accessed: no pair, no write-back.
 */
#ifndef ARCH_IMPL_MMIO_H
#define ARCH_IMPL_MMIO_H

#include <stdint.h>

static inline uint8_t mmio_read8(uintptr_t address)
{
	uint32_t value;

	__asm__ volatile("ldrb %w0, %1"
			 : "=r"(value)
			 : "Qo"(*(volatile uint8_t *)address)
			 : "memory");
	return (uint8_t)value;
}

static inline uint16_t mmio_read16(uintptr_t address)
{
	uint32_t value;

	__asm__ volatile("ldrh %w0, %1"
			 : "=r"(value)
			 : "Qo"(*(volatile uint16_t *)address)
			 : "memory");
	return (uint16_t)value;
}

static inline uint32_t mmio_read32(uintptr_t address)
{
	uint32_t value;

	__asm__ volatile("ldr %w0, %1"
			 : "=r"(value)
			 : "Qo"(*(volatile uint32_t *)address)
			 : "memory");
	return value;
}

static inline void mmio_write8(uintptr_t address, uint8_t value)
{
	__asm__ volatile("strb %w1, %0"
			 : "=Qo"(*(volatile uint8_t *)address)
			 : "rZ"(value)
			 : "memory");
}

static inline void mmio_write16(uintptr_t address, uint16_t value)
{
	__asm__ volatile("strh %w1, %0"
			 : "=Qo"(*(volatile uint16_t *)address)
			 : "rZ"(value)
			 : "memory");
}

static inline void mmio_write32(uintptr_t address, uint32_t value)
{
	__asm__ volatile("str %w1, %0"
			 : "=Qo"(*(volatile uint32_t *)address)
			 : "rZ"(value)
			 : "memory");
}

#endif
