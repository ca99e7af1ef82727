/* SPDX-License-Identifier: ISC */
/*
 * Aligned columns of text for a terminal.
 */
#ifndef TOOLS_FATA_TABLE_H
#define TOOLS_FATA_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum { TABLE_COLUMNS = 6 };

struct table {
	char *(*rows)[TABLE_COLUMNS];
	size_t count;
};

/* A row of copies of the cells, up to TABLE_COLUMNS: table_add(&t, "port", "80"). */
#define table_add(T, ...) table_add_row((T), (const char *const[TABLE_COLUMNS]){__VA_ARGS__})
void table_add_row(struct table *t, const char *const cells[static TABLE_COLUMNS]);

/*
 * Prints the rows, indented by two; columns are as wide as their widest cell, and those marked in
 * `right` (bit 0 for the first) are aligned to the right. Empties the table.
 */
void table_print(struct table *t, unsigned right);

/* A new string: 1234567 as "1,234,567". */
char *number_text(uint64_t n);

#endif
