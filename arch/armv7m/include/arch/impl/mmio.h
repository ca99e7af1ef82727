/* SPDX-License-Identifier: ISC */
#include "arch/impl/arm_mmio.h"
