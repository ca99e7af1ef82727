/* SPDX-License-Identifier: ISC */
/* Media types by the suffix of a name, for stores that do not know them. No state; any context. */
#ifndef NET_HTTP_FILES_HTTP_MEDIA_H
#define NET_HTTP_FILES_HTTP_MEDIA_H

#include <stddef.h>

/* The type of what has this name (RFC 9110 section 8.3.1); static. As tools/embed.py has them. */
const char *http_media_type(const char *name, size_t len);

#endif
