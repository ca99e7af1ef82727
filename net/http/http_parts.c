/* SPDX-License-Identifier: ISC */
/* In a file of its own, like runtime/image.c. */
#include "base/attr.h"
#include "net/http/http_internal.h"

WEAK const struct http_parts http_parts = {
	.kept = 8,
	.kept_bytes = 1536,
	.variants = true,
	.header_bytes = HTTP_HEADER_BYTES_MAX,
	.bodies = true,
	.sources = true,
	.conditions = true,
	.date = true,
	.reasons = true,
};
