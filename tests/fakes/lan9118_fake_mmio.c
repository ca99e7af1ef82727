/* SPDX-License-Identifier: ISC */
/* The driver of the LAN9118, whose accesses to registers go to tests/fakes/lan9118_fake.c. */
#include "tests/fakes/mmio_fake.h"

#include "drivers/net/lan9118/lan9118.c"
#include "drivers/net/lan9118/lan9118_io.c"
#include "drivers/net/lan9118/lan9118_mac.c"
