/* SPDX-License-Identifier: ISC */
/*
 * What the modules' *.cfg.h register before main(): boards and constructors.
 */
#include <string.h>

#include "tools/config/lib/graph.h"

struct offer {
	const char *synopsis, *about, *file;
};

static const struct fata_board **boards;
static size_t n_boards;
static struct offer *offers;
static size_t n_offers;

/* --- boards ---------------------------------------------------------------------------------- */

void fata_register_board(const struct fata_board *board)
{
	size_t at = n_boards;

	(void)APPEND(boards, n_boards);
	for (; at > 0 && strcmp(boards[at - 1]->name, board->name) > 0; at--)
		boards[at] = boards[at - 1];
	boards[at] = board;
}

const struct fata_board *board_at(size_t index)
{
	return index < n_boards ? boards[index] : NULL;
}

const struct fata_board *board_find(const char *name)
{
	for (size_t i = 0; i < n_boards; i++) {
		if (strcmp(boards[i]->name, name) == 0)
			return boards[i];
	}
	return NULL;
}

unsigned board_count(const struct fata_board *board, const char *kind)
{
	for (size_t i = 0; i < FATA_BOARD_DEVICES_MAX && board->devices[i].kind != NULL; i++) {
		if (strcmp(board->devices[i].kind, kind) == 0)
			return board->devices[i].count;
	}
	return 0;
}

const char *board_names(void)
{
	const char **names = NULL;
	size_t n = 0;

	for (size_t i = 0; i < n_boards; i++)
		*APPEND(names, n) = boards[i]->name;
	return text_words(names, n, " and ");
}

bool arch_is_known(const char *name)
{
	for (size_t i = 0; i < n_boards; i++) {
		if (strcmp(boards[i]->arch, name) == 0)
			return true;
	}
	return false;
}

static bool is_among(const char *word, const char *const words[], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(words[i], word) == 0)
			return true;
	}
	return false;
}

const char *arch_names(void)
{
	const char **names = NULL;
	size_t n = 0;

	for (size_t i = 0; i < n_boards; i++) {
		if (!is_among(boards[i]->arch, names, n))
			*APPEND(names, n) = boards[i]->arch;
	}
	return text_words(names, n, " and ");
}

void boards_print(FILE *out)
{
	int columns = 0;

	for (size_t i = 0; i < n_boards; i++) {
		int len = (int)strlen(boards[i]->name);
		columns = len > columns ? len : columns;
	}
	for (size_t i = 0; i < n_boards; i++)
		fprintf(out, "%-*s  %s\n", columns, boards[i]->name, boards[i]->about);
}

/* --- constructors ---------------------------------------------------------------------------- */

/* By the folder of the module, then in the order of its file. */
void fata_offer(const char *synopsis, const char *about, const char *file)
{
	size_t at = n_offers;

	while (strncmp(file, "./", 2) == 0)
		file += 2;
	(void)APPEND(offers, n_offers);
	for (; at > 0 && strcmp(offers[at - 1].file, file) > 0; at--)
		offers[at] = offers[at - 1];
	offers[at] = (struct offer){.synopsis = synopsis, .about = about, .file = file};
}

void offers_print(FILE *out)
{
	const char *file = NULL;

	for (size_t i = 0; i < n_offers; i++) {
		const struct offer *o = &offers[i];
		if (file == NULL || strcmp(file, o->file) != 0) {
			const char *slash = strrchr(o->file, '/');
			int len = slash != NULL ? (int)(slash - o->file) : (int)strlen(o->file);
			fprintf(out, "%s%.*s\n", file != NULL ? "\n" : "", len, o->file);
			file = o->file;
		}
		fprintf(out, "    %s\n        %s\n", o->synopsis, o->about);
	}
}
