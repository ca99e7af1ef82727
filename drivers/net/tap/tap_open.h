/* SPDX-License-Identifier: ISC */
/* Opening the kernel's device, apart from the interface over it, which a test can so replace. */
#ifndef DRIVERS_NET_TAP_TAP_OPEN_H
#define DRIVERS_NET_TAP_TAP_OPEN_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"

/*
 * Opens device `name` without blocking. *vnet: each frame has a virtio header of VNET_BYTES_SHORT
 * bytes in front, in both directions; and if `coalesce`, TCP segments may come uncut. ERR_NODEV.
 */
MUST_USE enum err tap_open(const char *name, bool coalesce, int *fd, bool *vnet);

#endif
