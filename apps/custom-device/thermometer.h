/* SPDX-License-Identifier: ISC */
/*
 * A thermometer: a signature that this application adds to those of hal/. A driver embeds struct
 * thermometer as its first member. Reading does not wait. Event loop only.
 */
#ifndef APPS_CUSTOM_DEVICE_THERMOMETER_H
#define APPS_CUSTOM_DEVICE_THERMOMETER_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

struct thermometer;

struct thermometer_ops {
	enum err (*read)(struct thermometer *t, int32_t *millidegrees);
};

struct thermometer {
	const struct thermometer_ops *ops;
};

/* The temperature in thousandths of a degree Celsius. ERR_IO. */
MUST_USE static inline enum err thermometer_read(struct thermometer *t, int32_t *millidegrees)
{
	return t->ops->read(t, millidegrees);
}

#endif
