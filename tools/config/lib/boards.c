/* SPDX-License-Identifier: ISC */
/*
 * What the modules' *.cfg.h register before main(): boards and constructors.
 */
#include <inttypes.h>
#include <string.h>

#include "tools/config/lib/graph.h"

enum { COLUMNS_MAX = 100 };

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

const char *board_noun(const char *kind, unsigned n)
{
	static const struct {
		const char *kind, *noun;
	} nouns[] = {{"netif", "network interface"},
		     {"block", "disk"},
		     {"uart", "serial port"},
		     {"rng", "random number generator"}};
	const char *text = kind;

	for (size_t i = 0; i < ARRAY_SIZE(nouns); i++) {
		if (strcmp(nouns[i].kind, kind) == 0)
			text = nouns[i].noun;
	}
	return n == 1 ? text : fata_text("%ss", text);
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

/* "128 MiB", or in the largest other unit that leaves no rest. */
static const char *size_text(uint64_t bytes)
{
	static const char *const units[] = {"bytes", "KiB", "MiB", "GiB"};
	size_t unit = 0;

	for (; bytes % 1024 == 0 && unit + 1 < ARRAY_SIZE(units); unit++)
		bytes /= 1024;
	return fata_text("%" PRIu64 " %s", bytes, units[unit]);
}

/* "aarch64, 128 MiB of memory", and on the next line "8 network interfaces, 1 timer". */
static const char *board_parts(const struct fata_board *board)
{
	const char *text = board->arch;

	if (board->ram_bytes != 0)
		text = fata_text("%s, %s of memory", text, size_text(board->ram_bytes));
	if (board->flash_bytes != 0)
		text = fata_text("%s, %s of flash", text, size_text(board->flash_bytes));
	for (size_t i = 0; i < FATA_BOARD_DEVICES_MAX && board->devices[i].kind != NULL; i++) {
		unsigned count = board->devices[i].count;
		text = fata_text("%s%s%u %s", text, i == 0 ? "\n    " : ", ", count,
				 board_noun(board->devices[i].kind, count));
	}
	return text;
}

void boards_print(FILE *out)
{
	for (size_t i = 0; i < n_boards; i++)
		fprintf(out, "%s%s\n    %s\n    %s\n", i > 0 ? "\n" : "", boards[i]->name,
			boards[i]->about, board_parts(boards[i]));
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

/* The synopsis broken behind commas, what follows aligned with the bracket. */
static void put_synopsis(FILE *out, const char *synopsis)
{
	enum { INDENT = 4 };
	int align = INDENT + (int)strcspn(synopsis, "(") + 1, column = INDENT;

	fprintf(out, "%*s", INDENT, "");
	while (*synopsis != '\0') {
		size_t bytes = strcspn(synopsis, ",");
		bytes += synopsis[bytes] == ',';
		if (column > align && column + (int)bytes > COLUMNS_MAX) {
			fprintf(out, "\n%*s", align, "");
			column = align;
			synopsis += strspn(synopsis, " ");
			continue;
		}
		fprintf(out, "%.*s", (int)bytes, synopsis);
		column += (int)bytes;
		synopsis += bytes;
	}
	fputc('\n', out);
}

/* What config.h itself has to offer, behind the modules'. */
static void put_own(FILE *out)
{
	fputs("\nan application's own\n", out);
	put_synopsis(
		out,
		"SIGNATURE_t device(const char *name, SIGNATURE, sources(…), const char *connect, "
		"uses(…), keys(…), .stop = NULL, .modules = NULL, .archs = NULL, .ram_bytes = 0)");
	fputs("        what the function `connect` of the application makes\n", out);
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
		put_synopsis(out, o->synopsis);
		fprintf(out, "        %s\n", o->about);
	}
	put_own(out);
}
