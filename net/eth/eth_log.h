/* SPDX-License-Identifier: ISC */
/* Lines of the log with an Ethernet address. LOG_MODULE is defined by who includes this. */
#ifndef NET_ETH_ETH_LOG_H
#define NET_ETH_ETH_LOG_H

#include <stdint.h>

#include "base/log.h"
#include "hal/netif.h"

/*
 * Writes a line to the log of `module` by a format that takes the interface's name, the text of the
 * Ethernet address `mac` and, if it likes, the interface's MTU (unsigned).
 */
void eth_log(enum log_level level, const char *module, const char *format,
	     const struct netif *netif, const uint8_t *mac);

#endif
