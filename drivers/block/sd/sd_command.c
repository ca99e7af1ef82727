/* SPDX-License-Identifier: ISC */
/* Single commands that are waited for, as a start may. */
#include "drivers/block/sd/sd_internal.h"

#include "arch/barrier.h"

void sd_command_set(struct sd_card *c, unsigned index, uint32_t argument, enum sd_response response)
{
	c->command = (struct sd_command){
		.index = (uint8_t)index, .argument = argument, .response = (uint8_t)response};
}

/* Runs the command that was set up. */
static enum err run(struct sd_card *c)
{
	uint64_t end = timer_now_us(c->host->timer) + SD_COMMAND_US;
	enum err e;

	sd_host_begin(c->host, &c->command);
	while ((e = sd_host_poll(c->host)) == ERR_AGAIN) {
		if (timer_now_us(c->host->timer) >= end) {
			sd_host_cancel(c->host);
			return ERR_TIMEOUT;
		}
		cpu_relax();
	}
	return e;
}

/* What has an R1, of which no error may be set. */
static enum err run_r1(struct sd_card *c)
{
	enum err e = run(c);

	return e == OK && (c->command.answer[0] & SD_STATUS_ERRORS) != 0 ? ERR_IO : e;
}

enum err sd_command(struct sd_card *c, unsigned index, uint32_t argument, enum sd_response response)
{
	sd_command_set(c, index, argument, response);
	return run(c);
}

enum err sd_command_r1(struct sd_card *c, unsigned index, uint32_t argument,
		       enum sd_response response)
{
	sd_command_set(c, index, argument, response);
	return run_r1(c);
}

enum err sd_command_to_scratch(struct sd_card *c, uint32_t bytes)
{
	assert(bytes <= sizeof(c->scratch));
	c->command.data = c->scratch;
	c->command.blocks = 1;
	c->command.block_bytes = bytes;
	return run_r1(c);
}

void sd_pause_us(struct sd_card *c, uint32_t us)
{
	uint64_t end = timer_now_us(c->host->timer) + us;

	while (timer_now_us(c->host->timer) < end)
		cpu_relax();
}
