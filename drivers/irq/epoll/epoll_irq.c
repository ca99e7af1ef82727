/* SPDX-License-Identifier: ISC */
#include "drivers/irq/epoll/epoll_irq.h"

#include "arch/impl/descriptors.h"

static struct epoll_irq *epoll_irq_of(struct irq_chip *chip)
{
	return container_of(chip, struct epoll_irq, chip);
}

static enum err enable(struct irq_chip *chip, uint32_t line, enum irq_trigger trigger)
{
	struct epoll_irq *e = epoll_irq_of(chip);
	(void)trigger; /* every line is an edge: the descriptor's state changed */
	if (line >= e->n_fds)
		return ERR_RANGE;
	return host_watch(e->fds[line], line);
}

static void disable(struct irq_chip *chip, uint32_t line)
{
	struct epoll_irq *e = epoll_irq_of(chip);
	if (line < e->n_fds)
		host_unwatch(e->fds[line]);
}

static void dispatch(struct irq_chip *chip)
{
	int32_t line;
	while ((line = host_next_line()) >= 0)
		irq_chip_handle(chip, (uint32_t)line);
}

void epoll_irq_init(struct epoll_irq *e)
{
	static const struct irq_chip_ops ops = {
		.enable = enable, .disable = disable, .dispatch = dispatch};
	*e = (struct epoll_irq){
		.chip = {.ops = &ops, .lines = e->lines, .n_lines = EPOLL_IRQ_LINES}};
}

uint32_t epoll_irq_add(struct epoll_irq *e, int fd)
{
	assert(e->n_fds < EPOLL_IRQ_LINES);
	e->fds[e->n_fds] = fd;
	return e->n_fds++;
}
