/* SPDX-License-Identifier: ISC */
/*
 * Plain MOVs: a hypervisor decodes the instruction that touched a device, and MOV is the one that
 * all of them know. Device memory is mapped uncached, which keeps program order.
 */
#ifndef ARCH_IMPL_MMIO_H
#define ARCH_IMPL_MMIO_H

static inline uint8_t mmio_read8(uintptr_t address)
{
	uint8_t v;
	__asm__ volatile("movb %1, %0" : "=q"(v) : "m"(*(const volatile uint8_t *)address));
	return v;
}

static inline uint16_t mmio_read16(uintptr_t address)
{
	uint16_t v;
	__asm__ volatile("movw %1, %0" : "=r"(v) : "m"(*(const volatile uint16_t *)address));
	return v;
}

static inline uint32_t mmio_read32(uintptr_t address)
{
	uint32_t v;
	__asm__ volatile("movl %1, %0" : "=r"(v) : "m"(*(const volatile uint32_t *)address));
	return v;
}

static inline void mmio_write8(uintptr_t address, uint8_t value)
{
	__asm__ volatile("movb %1, %0" : "=m"(*(volatile uint8_t *)address) : "q"(value));
}

static inline void mmio_write16(uintptr_t address, uint16_t value)
{
	__asm__ volatile("movw %1, %0" : "=m"(*(volatile uint16_t *)address) : "r"(value));
}

static inline void mmio_write32(uintptr_t address, uint32_t value)
{
	__asm__ volatile("movl %1, %0" : "=m"(*(volatile uint32_t *)address) : "r"(value));
}

#endif
