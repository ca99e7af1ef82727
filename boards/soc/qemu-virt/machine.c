/* SPDX-License-Identifier: ISC */
#include "boards/soc/qemu-virt/machine.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

enum {
	INTERRUPT_CELLS = 3, /* type, number, flags: the GIC's binding */
	INTERRUPT_SPI = 0,
	INTERRUPT_PPI = 1,
	PPI_FIRST = 16,
	SPI_FIRST = 32,
	FLAG_EDGE_RISING = 1,
	TIMER_PHYSICAL = 1, /* places in the timer's list of interrupts */
	TIMER_VIRTUAL = 2,
	UARTS_MAX = 4,
};

/* The devices, and the list of what they are compatible with. */
enum device {
	VIRTIO_MMIO,
	PL011,
	PL031,
	GIC_CORTEX_A15,
	GIC_400,
	GIC_V3,
	TIMER_ARMV8,
	TIMER_ARMV7,
	PSCI_0_2,
	PSCI_1_0,
};

static const char device_names[] = "virtio,mmio\0"
				   "arm,pl011\0"
				   "arm,pl031\0"
				   "arm,cortex-a15-gic\0"
				   "arm,gic-400\0"
				   "arm,gic-v3\0"
				   "arm,armv8-timer\0"
				   "arm,armv7-timer\0"
				   "arm,psci-0.2\0"
				   "arm,psci-1.0\0";

/* What parsing needs besides its result. */
struct parse {
	struct machine *m;
	const struct machine_limits *limits;
	struct machine_device uarts[UARTS_MAX];
	const char *uart_names[UARTS_MAX]; /* of their nodes */
	unsigned n_uarts;
};

static bool range_is_within(uint64_t start, uint64_t bytes, struct tree_range outer)
{
	return bytes > 0 && start >= outer.start && start - outer.start < outer.bytes &&
	       bytes <= outer.bytes - (start - outer.start);
}

/* The same for the registers of a device, which must lie in the board's window. */
static bool device_range(const struct parse *p, const struct tree_node *n, int index,
			 struct tree_range *out)
{
	uint64_t start, bytes;

	if (!tree_reg(&p->m->tree, n, index, &start, &bytes) ||
	    !range_is_within(start, bytes, p->limits->devices))
		return false;
	*out = (struct tree_range){(uintptr_t)start, (size_t)bytes};
	return true;
}

/* Interrupt number `index` of the node: the INTID, or 0. */
static uint32_t node_line(const struct tree_node *n, int index, enum irq_trigger *trigger)
{
	const uint32_t *cell = tree_cells(n, TREE_INTERRUPTS, (index + 1) * INTERRUPT_CELLS);
	uint32_t type, number, first, end;

	if (cell == NULL)
		return 0;
	cell += index * INTERRUPT_CELLS;
	type = load_be32(&cell[0]);
	number = load_be32(&cell[1]);
	*trigger = (load_be32(&cell[2]) & FLAG_EDGE_RISING) != 0 ? IRQ_EDGE_RISING : IRQ_LEVEL_HIGH;
	if (type > INTERRUPT_PPI)
		return 0;
	first = type == INTERRUPT_SPI ? SPI_FIRST : PPI_FIRST;
	end = type == INTERRUPT_SPI ? MACHINE_LINES : SPI_FIRST;
	return number < end - first ? first + number : 0;
}

static bool node_device(const struct parse *p, const struct tree_node *n,
			struct machine_device *out)
{
	struct tree_range registers;

	if (!device_range(p, n, 0, &registers))
		return false;
	*out = (struct machine_device){.base = registers.start, .trigger = IRQ_LEVEL_HIGH};
	out->line = node_line(n, 0, &out->trigger);
	return true;
}

static void parse_gic(struct parse *p, const struct tree_node *n, enum machine_gic version)
{
	struct tree_range distributor, cpu;

	if (!device_range(p, n, 0, &distributor) || !device_range(p, n, 1, &cpu))
		return;
	p->m->gic = version;
	p->m->gic_distributor = distributor;
	p->m->gic_cpu = cpu;
}

static void parse_timer(struct parse *p, const struct tree_node *n)
{
	enum irq_trigger trigger; /* the driver knows that it is a level */

	p->m->timer_virtual_line = node_line(n, TIMER_VIRTUAL, &trigger);
	p->m->timer_physical_line = node_line(n, TIMER_PHYSICAL, &trigger);
}

static void parse_uart(struct parse *p, const struct tree_node *n)
{
	if (p->n_uarts < UARTS_MAX && node_device(p, n, &p->uarts[p->n_uarts]))
		p->uart_names[p->n_uarts++] = n->name;
}

static void parse_rtc(struct parse *p, const struct tree_node *n)
{
	(void)node_device(p, n, &p->m->rtc);
}

/* Keeps the slots in descending order of address. */
static void parse_virtio(struct parse *p, const struct tree_node *n)
{
	struct machine *m = p->m;
	struct machine_device d;
	unsigned i = m->n_virtio;

	if (i == MACHINE_VIRTIO_MAX || !node_device(p, n, &d) || d.line == 0)
		return;
	for (; i > 0 && m->virtio[i - 1].base < d.base; i--)
		m->virtio[i] = m->virtio[i - 1];
	m->virtio[i] = d;
	m->n_virtio++;
}

static void parse_psci(struct parse *p, const struct tree_node *n)
{
	bool hvc = tree_is_one_of(n, TREE_METHOD, "hvc\0");

	p->m->has_psci = hvc || tree_is_one_of(n, TREE_METHOD, "smc\0");
	p->m->psci = hvc ? PSCI_HVC : PSCI_SMC;
}

/* Parses the node if `compatible` is known. */
static bool parse_compatible(struct parse *p, const struct tree_node *n, const char *compatible)
{
	switch (text_place(device_names, compatible)) {
	case VIRTIO_MMIO:
		parse_virtio(p, n);
		return true;
	case PL011:
		parse_uart(p, n);
		return true;
	case PL031:
		parse_rtc(p, n);
		return true;
	case GIC_CORTEX_A15:
	case GIC_400:
		parse_gic(p, n, MACHINE_GIC_V2);
		return true;
	case GIC_V3:
		parse_gic(p, n, MACHINE_GIC_V3);
		return true;
	case TIMER_ARMV8:
	case TIMER_ARMV7:
		parse_timer(p, n);
		return true;
	case PSCI_0_2:
	case PSCI_1_0:
		parse_psci(p, n);
		return true;
	}
	return false;
}

/* The names that a device is compatible with go from the most to the least specific. */
static void parse_device(void *arg, const struct tree *t, const struct tree_node *n)
{
	const char *at = n->property[TREE_COMPATIBLE].value, *compatible;
	size_t left = (size_t)n->property[TREE_COMPATIBLE].len;

	(void)t;
	do {
		compatible = tree_take_string(&at, &left);
	} while (compatible != NULL && !parse_compatible(arg, n, compatible));
}

/* Whether `path`, perhaps with ":options" behind, is that of the root's child `name`. */
static bool is_path_of(const char *path, const char *name)
{
	size_t len = strlen(name);

	return path[0] == '/' && text_begins(path + 1, name, len) &&
	       (path[1 + len] == '\0' || path[1 + len] == ':');
}

/* Of several the one that /chosen/stdout-path names in full; aliases are not looked up. */
static void choose_uart(struct parse *p)
{
	const char *path = p->m->tree.stdout_path;

	for (unsigned i = 0; i < p->n_uarts; i++) {
		if (i == 0 || (path != NULL && p->uart_names[i] != NULL &&
			       is_path_of(path, p->uart_names[i])))
			p->m->uart = p->uarts[i];
	}
}

static const char *what_is_missing(const struct machine *m)
{
	if (m->tree.n_ram == 0)
		return "the device tree describes no memory";
	if (m->gic == MACHINE_GIC_NONE)
		return "the device tree describes no GIC of version 2 or 3";
	if (m->timer_virtual_line == 0 && m->timer_physical_line == 0)
		return "the device tree describes no generic timer";
	if (m->uart.base == 0)
		return "the device tree describes no PL011";
	return NULL;
}

enum err machine_parse(struct machine *m, void *fdt, size_t max_bytes,
		       const struct machine_limits *limits, const char **missing)
{
	struct parse p = {.m = m, .limits = limits};
	enum err e;

	*m = (struct machine){0};
	e = tree_read(&m->tree, fdt, max_bytes, limits->ram_start, parse_device, NULL, &p);
	if (e != OK)
		return e;
	choose_uart(&p);
	*missing = what_is_missing(m);
	return *missing == NULL ? OK : ERR_NODEV;
}
