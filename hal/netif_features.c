/* SPDX-License-Identifier: ISC */
#include "base/attr.h"
#include "hal/netif.h"

WEAK const uint32_t netif_features_any = UINT32_MAX;
WEAK const uint32_t netif_features_all = 0;
