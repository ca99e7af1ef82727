/* SPDX-License-Identifier: ISC */
/*
 * Lays pieces of C out as the tree's C is: the texts of specs with long names put in grow beyond
 * the last column, or are broken where their author's names ended.
 */
#include <ctype.h>
#include <string.h>

#include "tools/config/lib/emit.h"

enum { DEPTH_MAX = 32, ALIGN_COLUMN_MAX = 64 };

/* Where in a piece of C a scan is: brackets that are open, strings left out. */
struct scan {
	unsigned depth; /* may exceed DEPTH_MAX: the deeper ones have no column */
	unsigned column;
	unsigned align[DEPTH_MAX]; /* the column behind each open bracket */
	char quote;
	bool escaped;
	char before; /* the last character */
	bool comment;
};

static void scan_bracket(struct scan *s, char c)
{
	if (strchr("([{", c) != NULL) {
		if (s->depth < DEPTH_MAX)
			s->align[s->depth] = s->column;
		s->depth++;
	} else if (strchr(")]}", c) != NULL && s->depth > 0) {
		s->depth--;
	}
}

/* Takes the next character; the column is then behind it. */
static void scan_next(struct scan *s, char c)
{
	if (c == '\t')
		s->column += TAB_COLUMNS - s->column % TAB_COLUMNS;
	else
		s->column += (c & 0xc0) != 0x80;

	if (s->quote != '\0') {
		if (!s->escaped && c == s->quote)
			s->quote = '\0';
		s->escaped = c == '\\' && !s->escaped;
	} else if (!s->comment) {
		if (c == '"' || c == '\'')
			s->quote = c;
		else if (s->before == '/' && (c == '/' || c == '*'))
			s->comment = true; /* what specs write has it at the end of a line */
		else
			scan_bracket(s, c);
	}
	s->before = c;
}

/* How many round brackets and square ones the line leaves open. */
static int round_depth(const char *text)
{
	struct scan s = {0};
	int depth = 0;

	for (; *text != '\0'; text++) {
		bool outside = s.quote == '\0' && !s.comment;
		scan_next(&s, *text);
		if (outside && strchr("([", *text) != NULL)
			depth++;
		else if (outside && strchr(")]", *text) != NULL)
			depth--;
	}
	return s.comment ? 0 : depth;
}

static unsigned width(const char *text)
{
	struct scan s = {0};

	while (*text != '\0')
		scan_next(&s, *text++);
	return s.column;
}

static void add_line(struct code *code, const char *text, size_t bytes, bool wiring)
{
	struct code_line *line = APPEND(code->lines, code->n_lines);

	*line = (struct code_line){fata_text("%.*s", (int)bytes, text), wiring};
}

/* --- breaking -------------------------------------------------------------------------------- */

/* White space up to `column`. */
static const char *indentation(unsigned column)
{
	struct text text;
	FILE *out = text_begin(&text);

	for (unsigned i = 0; i < column / TAB_COLUMNS; i++)
		fputc('\t', out);
	fprintf(out, "%*s", (int)(column % TAB_COLUMNS), "");
	return text_end(&text);
}

/* Whether a line may be broken behind the character at `text`: behind && and +, in front of ? and
 * :. */
static bool ends_operand(const char *text)
{
	const char *behind = text + 1;

	if (*behind != ' ' || strchr(" \t", text[0]) != NULL)
		return false;
	return strncmp(text, "& ", 2) == 0 || strncmp(text, "| ", 2) == 0 ||
	       strncmp(text, "+ ", 2) == 0 || strncmp(behind, " ? ", 3) == 0 ||
	       strncmp(behind, " : ", 3) == 0;
}

/*
 * Where to break `text` so that the part before fits: behind an operand or, inside brackets, a
 * comma, as little nested as there is one, of these the last; else behind an opening bracket.
 * Returns the offset, 0 if there is none; *at is then how the scan stood, on entry and on return.
 */
static size_t break_point(const char *text, struct scan *at)
{
	struct scan s = *at;
	size_t best = 0, bracket = 0;
	struct scan at_best = s, at_bracket = s;

	for (size_t i = 0; text[i] != '\0'; i++) {
		bool outside = s.quote == '\0' && !s.comment;
		scan_next(&s, text[i]);
		if (s.column > COLUMNS_MAX)
			break;
		bool good = outside && (ends_operand(text + i) || (text[i] == ',' && s.depth > 0));
		if (good && (best == 0 || s.depth <= at_best.depth)) {
			best = i + 1;
			at_best = s;
		} else if (outside && text[i] == '(' && text[i + 1] != ')') {
			bracket = i + 1;
			at_bracket = s;
		}
	}
	*at = best != 0 ? at_best : at_bracket;
	return best != 0 ? best : bracket;
}

/* The column behind the innermost bracket that is open; NULL outside all. */
static unsigned *align_of(struct scan *at)
{
	return at->depth == 0 ? NULL
			      : &at->align[(at->depth < DEPTH_MAX ? at->depth : DEPTH_MAX) - 1];
}

/* The column for what follows a break: with its bracket, unless that is far to the right. */
static unsigned continuation_column(struct scan *at, const char *rest, unsigned indent)
{
	const unsigned *align = align_of(at);
	unsigned least = indent + TAB_COLUMNS;
	size_t first = strcspn(rest, ",");

	if (align == NULL || at->before == '(')
		return least;
	bool fits = *align <= ALIGN_COLUMN_MAX && *align + first < COLUMNS_MAX;
	return fits || least + first >= COLUMNS_MAX ? *align : least;
}

static void add_broken(struct code *code, const char *text, bool wiring)
{
	unsigned indent = width(fata_text("%.*s", (int)strspn(text, " \t"), text));
	struct scan at = {0};

	while (width(text) > COLUMNS_MAX) {
		size_t bytes = break_point(text, &at);
		if (bytes <= strspn(text, " \t"))
			break;
		const char *rest = text + bytes + strspn(text + bytes, " ");
		unsigned column = continuation_column(&at, rest, indent);
		/* No shorter by the break: it would be made again and again. */
		if (column + width(rest) >= width(text))
			break;
		add_line(code, text, bytes, wiring);
		text = fata_text("%s%s", indentation(column), rest);
		if (align_of(&at) != NULL)
			*align_of(&at) = column;
		at.column = 0;
	}
	add_line(code, text, strlen(text), wiring);
}

/* --- lines ----------------------------------------------------------------------------------- */

/* Takes the next line off *text, without the white space at its end. */
static const char *next_line(const char **text)
{
	size_t bytes = strcspn(*text, "\n"), kept = bytes;
	const char *line = *text;

	while (kept > 0 && isspace((unsigned char)line[kept - 1]))
		kept--;
	*text += bytes + (line[bytes] == '\n');
	return fata_text("%.*s", (int)kept, line);
}

/* A statement that its author broke inside brackets, on one line again. */
static const char *next_statement(const char **text)
{
	const char *line = next_line(text);

	while (**text != '\0' && line[0] != '#' && round_depth(line) > 0) {
		const char *next = next_line(text);
		bool tight = line[strlen(line) - 1] == '(';
		line = fata_text("%s%s%s", line, tight ? "" : " ", next + strspn(next, " \t"));
	}
	return line;
}

/* Without the marks of wiring; *wiring says whether there was one. */
static const char *without_marks(const char *line, bool *wiring)
{
	struct text text;
	FILE *out = text_begin(&text);

	*wiring = strchr(line, WIRING[0]) != NULL;
	for (; *line != '\0'; line++) {
		if (*line != WIRING[0])
			fputc(*line, out);
	}
	return text_end(&text);
}

struct code layout(const char *text, unsigned tabs)
{
	const char *indent = indentation(tabs * TAB_COLUMNS);
	struct code code = {0};
	bool wiring;

	while (*text != '\0') {
		const char *line = without_marks(next_statement(&text), &wiring);
		bool blank_before = code.n_lines == 0 ||
				    code.lines[code.n_lines - 1].text[0] == '\0';
		if (line[0] == '\0' && blank_before)
			continue;
		if (line[0] == '\0' || line[0] == '#')
			add_line(&code, line, strlen(line), wiring);
		else
			add_broken(&code, fata_text("%s%s", indent, line), wiring);
	}
	while (code.n_lines > 0 && code.lines[code.n_lines - 1].text[0] == '\0')
		code.n_lines--;
	return code;
}
