/* SPDX-License-Identifier: ISC */
/* How many constant bytes the sources of the least servers send over and over, and room for the
 * response of HTTP. */
enum { SOURCE_BYTES = 32 * 1024, RESPONSE_BYTES_MAX = 4096, REQUEST_BYTES_MAX = 2048 };
