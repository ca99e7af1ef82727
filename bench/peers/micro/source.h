/* SPDX-License-Identifier: ISC */
/* The same on a microcontroller: two segments, and a page of some hundred bytes. */
enum { SOURCE_BYTES = 2920, RESPONSE_BYTES_MAX = 640, REQUEST_BYTES_MAX = 512 };
