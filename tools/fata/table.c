/* SPDX-License-Identifier: ISC */
#include "tools/fata/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/fata/fata.h"

void table_add_row(struct table *t, const char *const cells[static TABLE_COLUMNS])
{
	t->rows = reallocate(t->rows, t->count + 1, sizeof(*t->rows));
	char **row = t->rows[t->count++];
	for (size_t i = 0; i < TABLE_COLUMNS; i++)
		row[i] = cells[i] != NULL ? duplicate(cells[i]) : NULL;
}

/* One a character: bytes of UTF-8 that continue one do not count. */
static int columns(const char *text)
{
	int n = 0;
	for (; *text != '\0'; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

static void print_row(char *const row[], const int widths[], unsigned right)
{
	int owed = 2; /* blanks, which are printed only if a cell follows */

	for (size_t i = 0; i < TABLE_COLUMNS && row[i] != NULL; i++) {
		int pad = widths[i] - columns(row[i]);
		if (row[i][0] == '\0') {
			owed += widths[i] + 2;
			continue;
		}
		if ((right >> i & 1) != 0)
			printf("%*s%s", owed + pad, "", row[i]);
		else
			printf("%*s%s", owed, "", row[i]);
		owed = (right >> i & 1) != 0 ? 2 : pad + 2;
	}
	putchar('\n');
}

void table_print(struct table *t, unsigned right)
{
	int widths[TABLE_COLUMNS] = {0};

	for (size_t r = 0; r < t->count; r++) {
		for (size_t i = 0; i < TABLE_COLUMNS && t->rows[r][i] != NULL; i++)
			widths[i] = MAX(widths[i], columns(t->rows[r][i]));
	}
	for (size_t r = 0; r < t->count; r++) {
		print_row(t->rows[r], widths, right);
		for (size_t i = 0; i < TABLE_COLUMNS; i++)
			free(t->rows[r][i]);
	}
	free(t->rows);
	*t = (struct table){0};
}

char *number_text(uint64_t n)
{
	if (n < 1000)
		return text_of("%" PRIu64, n);
	char *front = number_text(n / 1000);
	char *text = text_of("%s,%03u", front, (unsigned)(n % 1000));
	free(front);
	return text;
}
