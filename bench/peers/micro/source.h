/* SPDX-License-Identifier: ISC */
/* How much of constant bytes a source on a microcontroller has: two segments. */
enum { SOURCE_BYTES = 2920 };
