/* SPDX-License-Identifier: ISC */
/* How many constant bytes the sources of the least servers send over and over. */
enum { SOURCE_BYTES = 32 * 1024 };
