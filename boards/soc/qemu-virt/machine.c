/* SPDX-License-Identifier: ISC */
#include "boards/soc/qemu-virt/machine.h"

#include <libfdt.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

enum {
	CELLS_MAX = 2,       /* of an address or a size: 64 bits */
	INTERRUPT_CELLS = 3, /* type, number, flags: the GIC's binding */
	INTERRUPT_SPI = 0,
	INTERRUPT_PPI = 1,
	FDT_VERSION = 17, /* all that libfdt is built for: since 2005 */
	PPI_FIRST = 16,
	SPI_FIRST = 32,
	FLAG_EDGE_RISING = 1,
	TIMER_PHYSICAL = 1, /* places in the timer's list of interrupts */
	TIMER_VIRTUAL = 2,
	UARTS_MAX = 4,
};

/* The properties that are looked at, in any node, and the list (base/text.h) of their names. */
enum property {
	ADDRESS_CELLS,
	BOOTARGS,
	COMPATIBLE,
	DEVICE_TYPE,
	INTERRUPTS,
	KASLR_SEED,
	METHOD,
	REG,
	RNG_SEED,
	SIZE_CELLS,
	STATUS,
	STDOUT_PATH,
	N_PROPERTIES,
};

static const char property_names[] = "#address-cells\0"
				     "bootargs\0"
				     "compatible\0"
				     "device_type\0"
				     "interrupts\0"
				     "kaslr-seed\0"
				     "method\0"
				     "reg\0"
				     "rng-seed\0"
				     "#size-cells\0"
				     "status\0"
				     "stdout-path\0";

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

/* A node. Its properties come before its children (Devicetree 0.4, 5.4.2). */
struct node {
	const char *name;
	struct {
		const void *value; /* NULL: it has none */
		int len;
	} property[N_PROPERTIES];
};

/* What parsing needs besides its result. */
struct parse {
	struct machine *m;
	void *fdt;
	const struct machine_limits *limits;
	int address_cells, size_cells; /* of the root's children */
	struct machine_device uarts[UARTS_MAX];
	const char *uart_names[UARTS_MAX]; /* of their nodes */
	unsigned n_uarts;
	const char *stdout_path; /* NULL: none */
	bool in_reserved_memory;
	bool too_many_reserved;
};

/* The name of a property in the block of strings, or NULL if it is not within. */
static const char *name_of(const struct parse *p, const struct fdt_property *property)
{
	uint32_t at = load_be32(&property->nameoff), bytes = fdt_size_dt_strings(p->fdt);
	const char *name = (const char *)p->fdt + fdt_off_dt_strings(p->fdt) + at;

	return at < bytes && strnlen(name, bytes - at) < bytes - at ? name : NULL;
}

/* The property at `offset`, which fdt_next_tag() has found whole. */
static void add_property(const struct parse *p, int offset, struct node *n)
{
	const struct fdt_property *property =
		fdt_offset_ptr(p->fdt, offset, sizeof(struct fdt_property));
	const char *name = name_of(p, property);
	int i = name != NULL ? text_place(property_names, name) : -1;

	if (i < 0)
		return;
	n->property[i].value = property->data;
	n->property[i].len = (int)load_be32(&property->len);
}

/* The string at *at, which is moved behind it; NULL if none ended by NUL is within *left bytes. */
static const char *take_string(const char **at, size_t *left)
{
	const char *string = *at;
	size_t len = string != NULL ? strnlen(string, *left) : *left;

	if (len >= *left)
		return NULL;
	*at += len + 1;
	*left -= len + 1;
	return string;
}

/* The first string of the property, or NULL. */
static const char *string_of(const struct node *n, enum property property)
{
	const char *value = n->property[property].value;
	size_t left = (size_t)n->property[property].len;

	return take_string(&value, &left);
}

/* Whether that is one of `list`. */
static bool is_one_of(const struct node *n, enum property property, const char *list)
{
	const char *string = string_of(n, property);

	return string != NULL && text_place(list, string) >= 0;
}

/* The property as an array of cells, or NULL if it has fewer than `min`. */
static const fdt32_t *cells_of(const struct node *n, enum property property, int min)
{
	if (n->property[property].len / (int)sizeof(fdt32_t) < min)
		return NULL;
	return n->property[property].value;
}

/* Reads a number of `cells` cells at *p and moves behind it. */
static uint64_t take_cells(const fdt32_t **p, int cells)
{
	uint64_t value = 0;

	while (cells-- > 0)
		value = value << 32 | load_be32((*p)++);
	return value;
}

/* Range number `index` of the node's reg; false if there is none. */
static bool node_range(const struct parse *p, const struct node *n, int index, uint64_t *start,
		       uint64_t *bytes)
{
	int stride = p->address_cells + p->size_cells;
	const fdt32_t *reg = cells_of(n, REG, (index + 1) * stride);

	if (reg == NULL)
		return false;
	reg += index * stride;
	*start = take_cells(&reg, p->address_cells);
	*bytes = take_cells(&reg, p->size_cells);
	return true;
}

static bool range_is_within(uint64_t start, uint64_t bytes, struct machine_range outer)
{
	return bytes > 0 && start >= outer.start && start - outer.start < outer.bytes &&
	       bytes <= outer.bytes - (start - outer.start);
}

/* The same for the registers of a device, which must lie in the board's window. */
static bool device_range(const struct parse *p, const struct node *n, int index,
			 struct machine_range *out)
{
	uint64_t start, bytes;

	if (!node_range(p, n, index, &start, &bytes) ||
	    !range_is_within(start, bytes, p->limits->devices))
		return false;
	*out = (struct machine_range){(uintptr_t)start, (size_t)bytes};
	return true;
}

/* Interrupt number `index` of the node: the INTID, or 0. */
static uint32_t node_line(const struct node *n, int index, enum irq_trigger *trigger)
{
	const fdt32_t *cell = cells_of(n, INTERRUPTS, (index + 1) * INTERRUPT_CELLS);
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

static bool node_device(const struct parse *p, const struct node *n, struct machine_device *out)
{
	struct machine_range registers;

	if (!device_range(p, n, 0, &registers))
		return false;
	*out = (struct machine_device){.base = registers.start, .trigger = IRQ_LEVEL_HIGH};
	out->line = node_line(n, 0, &out->trigger);
	return true;
}

/* Adds whole pages of RAM. What this processor cannot address is left out. */
static void add_ram(struct machine *m, uint64_t start, uint64_t bytes, uintptr_t lowest)
{
	uint64_t end = start + bytes;
	struct machine_range *last = m->n_ram > 0 ? &m->ram[m->n_ram - 1] : NULL;

	if (end < start || end > UINTPTR_MAX)
		end = UINTPTR_MAX;
	start = ROUND_UP(MAX(start, (uint64_t)lowest), (uint64_t)PAGE_BYTES);
	end = ROUND_DOWN(end, (uint64_t)PAGE_BYTES);
	if (start >= end)
		return;
	m->ram_bytes += (size_t)(end - start);
	if (last != NULL && last->start + last->bytes == start)
		last->bytes += (size_t)(end - start);
	else if (m->n_ram < MACHINE_RAM_MAX)
		m->ram[m->n_ram++] =
			(struct machine_range){(uintptr_t)start, (size_t)(end - start)};
}

static void parse_memory(struct parse *p, const struct node *n)
{
	uint64_t start, bytes;

	for (int i = 0; node_range(p, n, i, &start, &bytes); i++)
		add_ram(p->m, start, bytes, p->limits->ram_start);
}

static void reserve(struct parse *p, uint64_t start, uint64_t bytes)
{
	struct machine *m = p->m;

	if (start > UINTPTR_MAX || bytes == 0)
		return;
	if (m->n_reserved == MACHINE_RESERVED_MAX) {
		p->too_many_reserved = true;
		return;
	}
	bytes = MIN(bytes, UINTPTR_MAX - start);
	m->reserved[m->n_reserved++] = (struct machine_range){(uintptr_t)start, (size_t)bytes};
}

/* The memory reservation block, which an entry of nothing ends (Devicetree 0.4, 5.3). */
static void parse_reservations(struct parse *p)
{
	uint64_t start = 0, bytes = 0;

	for (int i = 0; !p->too_many_reserved && fdt_get_mem_rsv(p->fdt, i, &start, &bytes) == 0 &&
			(start | bytes) != 0;
	     i++)
		reserve(p, start, bytes);
}

/* A child of /reserved-memory, if it has a fixed place; its cells are those of the root. */
static void parse_reserved_memory(struct parse *p, const struct node *n)
{
	uint64_t start, bytes;

	for (int i = 0; node_range(p, n, i, &start, &bytes); i++)
		reserve(p, start, bytes);
}

static void parse_gic(struct parse *p, const struct node *n, enum machine_gic version)
{
	struct machine_range distributor, cpu;

	if (!device_range(p, n, 0, &distributor) || !device_range(p, n, 1, &cpu))
		return;
	p->m->gic = version;
	p->m->gic_distributor = distributor;
	p->m->gic_cpu = cpu;
}

static void parse_timer(struct parse *p, const struct node *n)
{
	enum irq_trigger trigger; /* the driver knows that it is a level */

	p->m->timer_virtual_line = node_line(n, TIMER_VIRTUAL, &trigger);
	p->m->timer_physical_line = node_line(n, TIMER_PHYSICAL, &trigger);
}

static void parse_uart(struct parse *p, const struct node *n)
{
	if (p->n_uarts < UARTS_MAX && node_device(p, n, &p->uarts[p->n_uarts]))
		p->uart_names[p->n_uarts++] = n->name;
}

static void parse_rtc(struct parse *p, const struct node *n)
{
	(void)node_device(p, n, &p->m->rtc);
}

/* Keeps the slots in descending order of address. */
static void parse_virtio(struct parse *p, const struct node *n)
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

static void parse_psci(struct parse *p, const struct node *n)
{
	bool hvc = is_one_of(n, METHOD, "hvc\0");

	p->m->has_psci = hvc || is_one_of(n, METHOD, "smc\0");
	p->m->psci = hvc ? PSCI_HVC : PSCI_SMC;
}

/* Parses the node if `compatible` is known. */
static bool parse_compatible(struct parse *p, const struct node *n, const char *compatible)
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
static void parse_device(struct parse *p, const struct node *n)
{
	const char *at = n->property[COMPATIBLE].value, *compatible;
	size_t left = (size_t)n->property[COMPATIBLE].len;

	if (n->property[STATUS].value != NULL && !is_one_of(n, STATUS, "okay\0ok\0"))
		return;
	if (is_one_of(n, DEVICE_TYPE, "memory\0"))
		parse_memory(p, n);
	do {
		compatible = take_string(&at, &left);
	} while (compatible != NULL && !parse_compatible(p, n, compatible));
}

/* A property's bytes, writable. */
static uint8_t *bytes_of(const struct parse *p, const struct node *n, enum property property)
{
	const uint8_t *value = n->property[property].value;

	return (uint8_t *)p->fdt + (value - (const uint8_t *)p->fdt);
}

static void parse_chosen(struct parse *p, const struct node *n)
{
	const void *args = n->property[BOOTARGS].value;

	if (args != NULL) {
		p->m->bootargs = args;
		p->m->bootargs_len = strnlen(args, (size_t)n->property[BOOTARGS].len);
	}
	if (n->property[RNG_SEED].len > 0) {
		p->m->seed = bytes_of(p, n, RNG_SEED);
		p->m->seed_len = (size_t)n->property[RNG_SEED].len;
	}
	if (n->property[KASLR_SEED].len == sizeof(p->m->kaslr_seed)) {
		uint8_t *bytes = bytes_of(p, n, KASLR_SEED);

		memcpy(&p->m->kaslr_seed, bytes, sizeof(p->m->kaslr_seed));
		memset(bytes, 0, sizeof(p->m->kaslr_seed));
	}
	p->stdout_path = string_of(n, STDOUT_PATH);
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
	for (unsigned i = 0; i < p->n_uarts; i++) {
		if (i == 0 || (p->stdout_path != NULL && p->uart_names[i] != NULL &&
			       is_path_of(p->stdout_path, p->uart_names[i])))
			p->m->uart = p->uarts[i];
	}
}

static const char *what_is_missing(const struct machine *m)
{
	if (m->n_ram == 0)
		return "the device tree describes no memory";
	if (m->gic == MACHINE_GIC_NONE)
		return "the device tree describes no GIC of version 2 or 3";
	if (m->timer_virtual_line == 0 && m->timer_physical_line == 0)
		return "the device tree describes no generic timer";
	if (m->uart.base == 0)
		return "the device tree describes no PL011";
	return NULL;
}

/* A number of cells; the default where there is none is Devicetree 0.4's (2.3.5). */
static bool read_cell_count(const struct node *n, enum property property, uint32_t if_none,
			    int *count)
{
	const fdt32_t *value = cells_of(n, property, 1);
	uint32_t cells = value != NULL ? load_be32(value) : if_none;

	*count = (int)cells;
	return cells >= 1 && cells <= CELLS_MAX;
}

static bool parse_root(struct parse *p, const struct node *n)
{
	return read_cell_count(n, ADDRESS_CELLS, 2, &p->address_cells) &&
	       read_cell_count(n, SIZE_CELLS, 1, &p->size_cells);
}

/* A node, its properties complete, at `depth` below the root. False: the tree is refused. */
static bool parse_node(struct parse *p, const struct node *n, unsigned depth)
{
	if (depth == 0)
		return parse_root(p, n);
	if (depth == 1) {
		p->in_reserved_memory = text_equal(n->name, "reserved-memory");
		if (text_equal(n->name, "chosen"))
			parse_chosen(p, n);
		else
			parse_device(p, n);
	} else if (depth == 2 && p->in_reserved_memory) {
		parse_reserved_memory(p, n);
	}
	return !p->too_many_reserved;
}

/* Goes once through the tree, from the root's begin to its end. False: it is damaged. */
static bool parse_tree(struct parse *p)
{
	struct node n = {0};
	unsigned depth = 0;         /* how many nodes have begun and not ended */
	bool in_properties = false; /* of the innermost one */
	int at = 0, next;

	for (;; at = next) {
		uint32_t tag = fdt_next_tag(p->fdt, at, &next);

		if (tag == FDT_END || (depth == 0 && tag != FDT_BEGIN_NODE))
			return false;
		if (tag == FDT_PROP && in_properties)
			add_property(p, at, &n);
		if (tag != FDT_BEGIN_NODE && tag != FDT_END_NODE)
			continue;
		if (in_properties && !parse_node(p, &n, depth - 1))
			return false;
		in_properties = tag == FDT_BEGIN_NODE;
		if (in_properties) {
			n = (struct node){.name = fdt_offset_ptr(p->fdt, at + FDT_TAGSIZE, 1)};
			depth++;
		} else if (--depth == 0) {
			return true;
		}
	}
}

/*
 * Everything behind the header libfdt checks whenever it reads it, but for the alignment of the two
 * blocks (Devicetree 0.4, 5.6), which it takes for granted.
 */
static bool header_is_sound(const void *fdt, size_t max_bytes)
{
	return max_bytes >= sizeof(struct fdt_header) && fdt_check_header(fdt) == 0 &&
	       fdt_version(fdt) >= FDT_VERSION && fdt_last_comp_version(fdt) <= FDT_VERSION &&
	       fdt_totalsize(fdt) <= max_bytes && fdt_off_mem_rsvmap(fdt) % 8 == 0 &&
	       fdt_off_dt_struct(fdt) % 4 == 0;
}

enum err machine_parse(struct machine *m, void *fdt, size_t max_bytes,
		       const struct machine_limits *limits, const char **missing)
{
	struct parse p = {.m = m, .fdt = fdt, .limits = limits};

	*m = (struct machine){0};
	if (!header_is_sound(fdt, max_bytes))
		return ERR_INVALID;
	parse_reservations(&p);
	if (!parse_tree(&p) || p.too_many_reserved)
		return ERR_INVALID;
	choose_uart(&p);
	*missing = what_is_missing(m);
	return *missing == NULL ? OK : ERR_NODEV;
}
