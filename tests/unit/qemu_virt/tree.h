/* SPDX-License-Identifier: ISC */
/*
 * Device trees as QEMU's virt machine has them, with the variations that tests ask for.
 */
#ifndef TESTS_UNIT_QEMU_VIRT_TREE_H
#define TESTS_UNIT_QEMU_VIRT_TREE_H

#include <stdint.h>

enum { TREE_BYTES_MAX = 16384 };

struct tree_options {
	int gic;              /* 2, 400 or 3, 0: none */
	const char *timer;    /* what it is compatible with */
	const char *psci;     /* the same; a list as in base/text.h */
	uint64_t uart;        /* its address, 0: none */
	uint64_t second_uart; /* 0: none */
	uint64_t hidden_uart; /* below another device, 0: none */
	const char *stdout_path;
	const char *uart_status; /* NULL: no such property */
	const char *psci_method;
	uint64_t ram[4];       /* start, bytes, start, bytes; 0 bytes: none */
	uint64_t reserved[2];  /* by a node */
	uint64_t in_header[2]; /* by the reservation block */
	unsigned n_virtio;
	uint32_t virtio_spi; /* of the first slot */
	const char *bootargs;
};

/* What QEMU gives with -m 128M. */
extern const struct tree_options tree_default;

/* Builds a tree in `buffer` of TREE_BYTES_MAX bytes and returns its size. */
uint32_t tree_build(void *buffer, const struct tree_options *o);

#endif
