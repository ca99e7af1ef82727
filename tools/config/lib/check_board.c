/* SPDX-License-Identifier: ISC */
/*
 * Whether the board has what the image needs of it.
 */
#include <string.h>

#include "tools/config/lib/check.h"

/* --- devices --------------------------------------------------------------------------------- */

static const char *const numbers[] = {"no",    "one",   "two",  "three", "four",   "five",  "six",
				      "seven", "eight", "nine", "ten",   "eleven", "twelve"};
static const char *const ordinals[] = {"first", "second", "third",    "fourth",
				       "fifth", "sixth",  "seventh",  "eighth",
				       "ninth", "tenth",  "eleventh", "twelfth"};

static const char *number_text(unsigned n)
{
	return n < ARRAY_SIZE(numbers) ? numbers[n] : fata_text("%u", n);
}

/* Of number `index`, from 0. */
static const char *ordinal_text(unsigned index)
{
	return index < ARRAY_SIZE(ordinals) ? ordinals[index] : fata_text("%uth", index + 1);
}

/* The boards with more than `index` devices of a kind; empty if there are none. */
static const char *boards_with(const char *kind, unsigned index)
{
	const struct fata_board *board;
	const char **names = NULL;
	size_t n = 0;

	for (size_t i = 0; (board = board_at(i)) != NULL; i++) {
		if (board_count(board, kind) > index)
			*APPEND(names, n) = board->name;
	}
	return text_words(names, n, ", ");
}

static void need_fault(const struct board_need *need, unsigned count)
{
	const char *others = boards_with(need->kind, need->index);
	const char *name = need->device != NULL && need->device->named
				   ? fata_text(" (\"%s\")", need->device->name)
				   : "";

	if (count == 0)
		fault_at(need->place, "the board %s has no %s%s; %s%s%s", graph.board->name,
			 board_noun(need->kind, 1), name,
			 others[0] != '\0' ? "boards that have " : "no board has ",
			 number_text(need->index + 1),
			 others[0] != '\0' ? fata_text(": %s", others) : "");
	else
		fault_at(need->place, "the board %s has %s %s, so there is no %s one%s; %s%s",
			 graph.board->name, number_text(count), board_noun(need->kind, count),
			 ordinal_text(need->index), name,
			 others[0] != '\0' ? "boards with more: " : "no board has so many", others);
}

void check_board_needs(void)
{
	for (size_t i = 0; i < graph.n_needs; i++) {
		struct board_need need = graph.needs[i];
		unsigned count = board_count(graph.board, need.kind);
		if (need.device != NULL && !need.device->needed)
			continue;
		if (need.index == FATA_INDEX)
			need.index = need.device != NULL ? need.device->index : 0;
		if (need.index >= count)
			need_fault(&need, count);
	}
}

/* --- memory ---------------------------------------------------------------------------------- */

enum {
	CODE_AND_STACKS_BYTES = 256 << 10, /* and the heap: what no image does without */
	NAMED_MAX = 5,
};

struct taker {
	const char *name, *use;
	uint64_t bytes;
};

struct takers {
	struct taker *list; /* the largest first */
	size_t n;
	uint64_t bytes;
};

static void add_taker(struct takers *all, const char *name, const char *use, uint64_t bytes)
{
	size_t at = all->n;

	if (bytes == 0)
		return;
	if (__builtin_add_overflow(all->bytes, bytes, &all->bytes))
		all->bytes = UINT64_MAX;
	(void)APPEND(all->list, all->n);
	for (; at > 0 && all->list[at - 1].bytes < bytes; at--)
		all->list[at] = all->list[at - 1];
	all->list[at] = (struct taker){.name = name, .use = use, .bytes = bytes};
}

/* "3,145,728" */
static const char *bytes_text(uint64_t bytes)
{
	if (bytes < 1000)
		return fata_text("%u", (unsigned)bytes);
	return fata_text("%s,%03u", bytes_text(bytes / 1000), (unsigned)(bytes % 1000));
}

/* "net0 takes 2,097,152 (receive buffers), tcp0 524,288 (connections)" */
static const char *takers_text(const struct takers *all)
{
	const char *text = "";

	for (size_t i = 0; i < all->n && i < NAMED_MAX; i++) {
		const struct taker *t = &all->list[i];
		text = fata_text("%s%s%s%s%s", text, i > 0 ? ", " : "", t->name,
				 i == 0 ? " takes " : " ", bytes_text(t->bytes));
		if (t->use != NULL)
			text = fata_text("%s (%s)", text, t->use);
	}
	return text;
}

/* Without code and stacks, which a limit may be less than: what is asked for is too much by itself.
 */
static void check_memory_limit(const struct takers *all)
{
	const uint64_t limit = graph.memory_limit_bytes, asked = all->bytes - CODE_AND_STACKS_BYTES;

	if (limit != 0 && asked > limit)
		fault_at(graph.app_place,
			 "%s takes %s bytes of memory beside code and stacks, %s more than its "
			 "memory_limit(); %s",
			 graph.app, bytes_text(asked), bytes_text(asked - limit), takers_text(all));
}

void check_ram(const struct plan *plan)
{
	uint64_t limit = options.ram_bytes != 0 ? options.ram_bytes : graph.board->ram_bytes;
	struct takers all = {.bytes = CODE_AND_STACKS_BYTES};

	for (size_t i = 0; i < plan->n_early; i++)
		add_taker(&all, plan->early[i]->name, plan->early[i]->spec.ram_use,
			  plan->early[i]->spec.ram_bytes);
	for (size_t i = 0; i < plan->n_devices; i++)
		add_taker(&all, plan->devices[i]->name, plan->devices[i]->spec.ram_use,
			  plan->devices[i]->spec.ram_bytes);
	for (size_t i = 0; i < plan->n_jobs; i++)
		add_taker(&all, plan->jobs[i]->name, "stack", plan->jobs[i]->stack_bytes);
	check_memory_limit(&all);
	if (limit == 0 || all.bytes <= limit)
		return;
	const char *whose = options.ram_bytes != 0
				    ? fata_text("the %s of --memory", bytes_text(limit))
				    : fata_text("%s has", graph.board->name);
	fault_at(graph.app_place, "%s needs at least %s bytes of memory, %s more than %s%s%s",
		 graph.app, bytes_text(all.bytes), bytes_text(all.bytes - limit), whose,
		 all.n > 0 ? "; " : "", takers_text(&all));
}
