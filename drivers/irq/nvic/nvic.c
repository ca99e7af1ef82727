/* SPDX-License-Identifier: ISC */
#include "drivers/irq/nvic/nvic.h"

#include "arch/arm_exception.h"
#include "arch/mmio.h"
#include "base/attr.h"
#include "drivers/irq/nvic/nvic_regs.h"

static struct nvic *nvic_of(struct irq_chip *chip)
{
	return container_of(chip, struct nvic, chip);
}

static uint32_t bit(uint32_t line)
{
	return UINT32_C(1) << line % 32;
}

static enum err nvic_enable(struct irq_chip *chip, uint32_t line, enum irq_trigger trigger)
{
	struct nvic *n = nvic_of(chip);

	(void)trigger;
	mmio_write8(n->base + NVIC_IPR(line), n->priority);
	mmio_write32(n->base + NVIC_ISER(line / 32), bit(line));
	return OK;
}

static void nvic_disable(struct irq_chip *chip, uint32_t line)
{
	mmio_write32(nvic_of(chip)->base + NVIC_ICER(line / 32), bit(line));
}

/* The processor has taken one interrupt, and says which, sooner than the controller would. */
static void nvic_dispatch(struct irq_chip *chip)
{
	uint32_t line = arm_exception_running() - NVIC_FIRST_EXTERNAL;

	if (line < NVIC_LINES) /* else the exception is no line's */
		irq_chip_handle(chip, line);
}

void nvic_init(struct nvic *n, uintptr_t base, uint8_t priority)
{
	static const struct irq_chip_ops ops = {
		.enable = nvic_enable,
		.disable = nvic_disable,
		.dispatch = nvic_dispatch,
	};

	*n = (struct nvic){
		.chip = {.ops = &ops, .lines = n->lines, .n_lines = NVIC_LINES},
		.base = base,
		.priority = priority,
	};
	for (uint32_t bank = 0; bank < NVIC_LINES / 32; bank++) {
		mmio_write32(base + NVIC_ICER(bank), UINT32_MAX);
		mmio_write32(base + NVIC_ICPR(bank), UINT32_MAX);
	}
}
