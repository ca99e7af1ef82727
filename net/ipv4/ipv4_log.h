/* SPDX-License-Identifier: ISC */
/* Lines of the log about addresses and routes. LOG_MODULE is defined by who includes this. */
#ifndef NET_IPV4_IPV4_LOG_H
#define NET_IPV4_IPV4_LOG_H

#include <stdint.h>

#include "base/inet.h"
#include "base/log.h"

/*
 * Writes a line to the log of `module` by a format that takes up to five arguments: the interface's
 * name, an address, the length of its prefix (unsigned), a gateway or "none", seconds (unsigned).
 */
void ipv4_log(enum log_level level, const char *module, const char *format, const char *netif,
	      struct ipv4_prefix prefix, uint32_t gateway, uint32_t seconds);

#endif
