/* SPDX-License-Identifier: ISC */
/*
 * Switching off by ACPI's PM1 control register (ACPI 6.4, sections 4.8.3.2 and 16.1.7), and
 * resetting the machine where that fails.
 */
#include "arch/barrier.h"
#include "arch/x86.h"
#include "boards/common/common.h"
#include "boards/soc/pc-pci/pc_pci.h"
#include "boards/soc/pc/pc.h"

#define PM1_ENABLED    (1u << 0) /* SCI_EN: ACPI is on */
#define PM1_TYPE(type) ((uint32_t)(type) << 10)
#define PM1_TYPE_MASK  PM1_TYPE(7)
#define PM1_SLEEP      (1u << 13)

/* Each read of a port takes about a microsecond: what cannot be waited out is given up. */
enum { POLLS = 100000 };

/* The reset control of chipsets since the first with PCI: a full reset. */
#define RESET_PORT  0xcf9
#define RESET_VALUE 0x06

static struct acpi_power power;

/* Section 4.8.2: before, the registers belong to the firmware. */
static void turn_acpi_on(void)
{
	if (power.smi_command == 0 || (port_read16(power.pm1a_control) & PM1_ENABLED) != 0)
		return;
	port_write8(power.smi_command, power.smi_enable);
	for (unsigned i = 0; i < POLLS && (port_read16(power.pm1a_control) & PM1_ENABLED) == 0; i++)
		cpu_relax();
}

static void sleep(uint16_t port, uint8_t type, uint32_t enable)
{
	uint32_t rest = port_read16(port) & ~(PM1_TYPE_MASK | PM1_SLEEP);

	port_write16(port, (uint16_t)(rest | PM1_TYPE(type) | enable));
}

static void sleep_for_ever(void)
{
	turn_acpi_on();
	sleep(power.pm1a_control, power.type_a, 0);
	if (power.pm1b_control != 0)
		sleep(power.pm1b_control, power.type_b, 0);
	sleep(power.pm1a_control, power.type_a, PM1_SLEEP);
	if (power.pm1b_control != 0)
		sleep(power.pm1b_control, power.type_b, PM1_SLEEP);
	for (unsigned i = 0; i < POLLS; i++)
		(void)port_read16(power.pm1a_control);
}

static void off(void)
{
	if (power.pm1a_control != 0)
		sleep_for_ever();
	if (power.reset_port != 0)
		port_write8(power.reset_port, power.reset_value);
	port_write8(RESET_PORT, RESET_VALUE);
}

void pc_pci_power(void)
{
	struct acpi acpi;

	if (pc_pci_tables(&acpi) != OK || acpi_find_power(&acpi, &power) != OK) {
		power.pm1a_control = 0;
		board_complain("ACPI does not say how to switch off: the end will be a reset");
	}
	board_power.off = off;
}
