/* SPDX-License-Identifier: ISC */
#include "arch/mmu.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/attr.h"

#ifdef __SANITIZE_ADDRESS__
/* The sanitizer's search for leaks reads all memory; a stack that overflows writes first. */
#define NO_ACCESS PROT_READ
#else
#define NO_ACCESS PROT_NONE
#endif

enum err mmu_protect(uintptr_t start, size_t bytes, enum mmu_access access)
{
	static const int protection[] = {
		[MMU_NONE] = NO_ACCESS,
		[MMU_READ] = PROT_READ,
		[MMU_RW] = PROT_READ | PROT_WRITE,
		[MMU_DEVICE] = PROT_READ | PROT_WRITE,
		[MMU_UNCACHED] = PROT_READ | PROT_WRITE,
	};
	assert(start % PAGE_BYTES == 0 && bytes % PAGE_BYTES == 0);
	if (sysconf(_SC_PAGESIZE) != PAGE_BYTES)
		return OK; /* a kernel with larger pages would take more than was asked for */
	return mprotect((void *)start, bytes, protection[access]) == 0 ? OK : ERR_NOMEM;
}

bool mmu_is_uncached(UNUSED uintptr_t address)
{
	return true;
}
