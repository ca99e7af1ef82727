/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "arch/cpu.h"

#include <stdbool.h>
#include <sys/random.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "arch/impl/descriptors.h"

const char arch_name[] = "host";

static void (*restore_at_end)(void);

enum err cpu_random(void *bytes, size_t len)
{
	uint8_t *at = bytes;
	while (len > 0) {
		ssize_t n = getrandom(at, len, 0);
		if (n < 0)
			return ERR_NODEV;
		at += n;
		len -= (size_t)n;
	}
	return OK;
}

uint64_t cpu_cycles(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Copies memory that may not be there: the kernel looks, instead of raising a signal. */
static bool read_checked(const void *at, void *copy, size_t len)
{
	struct iovec to = {copy, len}, from = {(void *)(uintptr_t)at, len};
	return process_vm_readv(getpid(), &to, 1, &from, 1, 0) == (ssize_t)len;
}

size_t cpu_backtrace(uintptr_t *addresses, size_t max, const void *frame)
{
	/* Both x86-64 and aarch64 keep the caller's frame pointer and the return address there. */
	struct {
		uintptr_t caller;
		uintptr_t return_address;
	} record;
	uintptr_t at = (uintptr_t)frame;
	size_t n = 0;

	while (n < max && at % sizeof(uintptr_t) == 0 &&
	       read_checked((const void *)at, &record, sizeof(record)) &&
	       record.return_address != 0) {
		addresses[n++] = record.return_address;
		if (record.caller <=
		    at) /* stacks grow down: a chain that does not rise is damaged */
			break;
		at = record.caller;
	}
	return n;
}

void host_at_end(void (*restore)(void))
{
	restore_at_end = restore;
}

void cpu_exit(int status)
{
	if (restore_at_end != NULL)
		restore_at_end();
	_exit(status);
}
