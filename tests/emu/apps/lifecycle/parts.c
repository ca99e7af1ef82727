/* SPDX-License-Identifier: ISC */
#include "runtime/console.h"
#include "unikernel.h"

static enum err start(struct part *p, unsigned broken)
{
	console_printf("%s starts\n", p->name);
	return broken == p->number ? ERR_IO : OK;
}

enum err first_connect(struct part **self, unsigned broken)
{
	static struct part part = {.name = "first", .number = 1};

	*self = &part;
	return start(&part, broken);
}

enum err second_connect(struct part **self, struct part *below, unsigned broken)
{
	static struct part part = {.name = "second", .number = 2};

	(void)below;
	*self = &part;
	return start(&part, broken);
}

enum err third_connect(struct part **self, struct part *below, unsigned broken)
{
	static struct part part = {.name = "third", .number = 3};

	(void)below;
	*self = &part;
	return start(&part, broken);
}

void part_stop(struct part *self)
{
	console_printf("%s stops\n", self->name);
}
