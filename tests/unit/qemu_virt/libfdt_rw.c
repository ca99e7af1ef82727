/* SPDX-License-Identifier: ISC */
/*
 * The rest of libfdt: its static names clash with those of libfdt.c.
 */
#include <fdt_rw.c>
