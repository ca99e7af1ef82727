/* SPDX-License-Identifier: ISC */
#include "drivers/irq/apic/apic.h"

#include "arch/x86.h"
#include "drivers/irq/apic/apic_regs.h"

_Static_assert(VECTOR_IRQ + APIC_LINES <= VECTOR_SPURIOUS, "a vector for each line");

static struct apic *self(struct irq_chip *chip)
{
	return container_of(chip, struct apic, chip);
}

static uint32_t io_read(const struct ioapic *io, uint32_t reg)
{
	mmio_write32(io->base + IOAPIC_INDEX, reg);
	return mmio_read32(io->base + IOAPIC_WINDOW);
}

static void io_write(const struct ioapic *io, uint32_t reg, uint32_t value)
{
	mmio_write32(io->base + IOAPIC_INDEX, reg);
	mmio_write32(io->base + IOAPIC_WINDOW, value);
}

/* The I/O APIC that has `line`, or NULL. */
static const struct ioapic *ioapic_of(const struct apic *apic, uint32_t line)
{
	for (unsigned i = 0; i < apic->n_io; i++) {
		const struct ioapic *io = &apic->io[i];
		if (line >= io->first && line - io->first < io->n_pins)
			return io;
	}
	return NULL;
}

/* All lines go to this processor. The destination is written first: the low word unmasks. */
static enum err enable(struct irq_chip *chip, uint32_t line, enum irq_trigger trigger)
{
	struct apic *apic = self(chip);
	if (line >= APIC_LINE_TIMER) /* who sends the message is told whether to */
		return OK;
	const struct ioapic *io = ioapic_of(apic, line);
	if (io == NULL)
		return ERR_RANGE;
	uint32_t pin = line - io->first;
	uint32_t level = trigger == IRQ_LEVEL_HIGH ? IOAPIC_REDIRECT_LEVEL : 0;
	io_write(io, IOAPIC_REDIRECT(pin) + 1, apic_read(apic, APIC_ID) & 0xff000000);
	io_write(io, IOAPIC_REDIRECT(pin), level | (VECTOR_IRQ + line));
	return OK;
}

static void disable(struct irq_chip *chip, uint32_t line)
{
	struct apic *apic = self(chip);
	const struct ioapic *io = ioapic_of(apic, line);
	if (line == APIC_LINE_TIMER)
		apic_write(apic, APIC_LVT_TIMER, APIC_LVT_MASKED);
	else if (io != NULL)
		io_write(io, IOAPIC_REDIRECT(line - io->first), IOAPIC_REDIRECT_MASKED);
}

/*
 * The processor has taken one interrupt, whose vector tells the line. One that was withdrawn
 * meanwhile comes as the spurious vector, which has no end of interrupt (SDM 3A 11.9).
 */
static void dispatch(struct irq_chip *chip)
{
	if (irq_vector == VECTOR_SPURIOUS)
		return;
	irq_chip_handle(chip, irq_vector - VECTOR_IRQ);
	/* After the handler has silenced its device: a level-triggered line would come again. */
	apic_write(self(chip), APIC_EOI, 0);
}

static const struct irq_chip_ops ops = {
	.enable = enable,
	.disable = disable,
	.dispatch = dispatch,
};

/* Adds the I/O APIC at `base`, all pins masked, if there is one and there are lines left. */
static void add_ioapic(struct apic *apic, uintptr_t base)
{
	struct ioapic io = {.base = base};
	if (apic->n_io > 0)
		io.first = apic->io[apic->n_io - 1].first + apic->io[apic->n_io - 1].n_pins;
	uint32_t version = io_read(&io, IOAPIC_VERSION);
	if (version == 0 || version == UINT32_MAX)
		return;
	io.n_pins = MIN((version >> 16 & 0xff) + 1, APIC_PINS - io.first);
	for (uint32_t pin = 0; pin < io.n_pins; pin++)
		io_write(&io, IOAPIC_REDIRECT(pin), IOAPIC_REDIRECT_MASKED);
	apic->io[apic->n_io++] = io;
}

/* SDM 3A section 11.11: physical destination, fixed delivery, edge. */
enum err apic_take_message(struct apic *apic, struct apic_message *message)
{
	if (apic->n_messages == APIC_MESSAGES)
		return ERR_NOMEM;
	uint32_t line = APIC_LINE_MESSAGE + apic->n_messages++;
	*message = (struct apic_message){
		.address = APIC_MESSAGE_ADDRESS | (apic_read(apic, APIC_ID) >> 24) << 12,
		.data = VECTOR_IRQ + line,
		.line = line,
	};
	return OK;
}

enum err apic_init(struct apic *apic, uintptr_t local, const uintptr_t *io, unsigned n_io)
{
	assert(n_io <= APIC_IOAPICS_MAX);
	uint64_t base = msr_read(MSR_APIC_BASE);
	if ((base & MSR_APIC_BASE_ENABLE) == 0 || (base & MSR_APIC_BASE_X2APIC) != 0 ||
	    (base & 0xfffff000) != local)
		return ERR_NODEV;

	apic->chip = (struct irq_chip){.ops = &ops, .lines = apic->lines, .n_lines = APIC_LINES};
	apic->local = local;
	port_write8(PIC_MASTER_MASK_PORT, 0xff);
	port_write8(PIC_SLAVE_MASK_PORT, 0xff);
	apic_write(apic, APIC_LVT_TIMER, APIC_LVT_MASKED);
	apic_write(apic, APIC_LVT_LINT0, APIC_LVT_MASKED);
	apic_write(apic, APIC_LVT_LINT1, APIC_LVT_NMI);
	apic_write(apic, APIC_LVT_ERROR, APIC_LVT_MASKED);
	apic_write(apic, APIC_TASK_PRIORITY, 0);
	apic_write(apic, APIC_SPURIOUS, APIC_SPURIOUS_ENABLE | VECTOR_SPURIOUS);
	for (unsigned i = 0; i < n_io; i++)
		add_ioapic(apic, io[i]);
	return apic->n_io > 0 ? OK : ERR_NODEV;
}
