/* SPDX-License-Identifier: ISC */
/*
 * Assembly, so that each access is one plain load or store without write-back: the only kind that
 * a hypervisor can emulate from the syndrome.
 */
#ifndef ARCH_IMPL_ARM_MMIO_H
#define ARCH_IMPL_ARM_MMIO_H

static inline uint8_t mmio_read8(uintptr_t address)
{
	uint32_t v;
	__asm__ volatile("ldrb %0, %1" : "=r"(v) : "Qo"(*(volatile uint8_t *)address));
	return (uint8_t)v;
}

static inline uint16_t mmio_read16(uintptr_t address)
{
	uint32_t v;
	__asm__ volatile("ldrh %0, %1" : "=r"(v) : "Qo"(*(volatile uint16_t *)address));
	return (uint16_t)v;
}

static inline uint32_t mmio_read32(uintptr_t address)
{
	uint32_t v;
	__asm__ volatile("ldr %0, %1" : "=r"(v) : "Qo"(*(volatile uint32_t *)address));
	return v;
}

static inline void mmio_write8(uintptr_t address, uint8_t value)
{
	__asm__ volatile("strb %1, %0" : "=Qo"(*(volatile uint8_t *)address) : "r"(value));
}

static inline void mmio_write16(uintptr_t address, uint16_t value)
{
	__asm__ volatile("strh %1, %0" : "=Qo"(*(volatile uint16_t *)address) : "r"(value));
}

static inline void mmio_write32(uintptr_t address, uint32_t value)
{
	__asm__ volatile("str %1, %0" : "=Qo"(*(volatile uint32_t *)address) : "r"(value));
}

#endif
