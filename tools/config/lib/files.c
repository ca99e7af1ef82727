/* SPDX-License-Identifier: ISC */
/*
 * Writes files of the folder of output, those only whose text has changed: make goes by their time.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/config/lib/emit.h"

static int complain(const char *path)
{
	fprintf(stderr, "fata configure: %s: %s\n", path, strerror(errno));
	return 1;
}

/* Whether the file `path` holds just these bytes. */
static bool holds(const char *path, const struct text *text)
{
	FILE *in = fopen(path, "re");
	bool same = in != NULL;

	for (size_t i = 0; same && i < text->length; i++)
		same = getc(in) == (unsigned char)text->bytes[i];
	same = same && getc(in) == EOF && ferror(in) == 0;
	if (in != NULL)
		fclose(in);
	return same;
}

/* Makes the folders that `path` goes through, where there are none. */
static int make_folders(const char *path)
{
	for (const char *slash = strchr(path + 1, '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		const char *folder = fata_text("%.*s", (int)(slash - path), path);
		if (mkdir(folder, 0777) != 0 && errno != EEXIST)
			return complain(folder);
	}
	return 0;
}

/* Through a second file: whoever reads `path` sees all of the old text or all of the new. */
static int replace(const char *path, const struct text *text)
{
	const char *new_path = fata_text("%s.new", path);

	if (make_folders(path) != 0)
		return 1;
	FILE *out = fopen(new_path, "we");
	if (out == NULL)
		return complain(new_path);
	bool written = fwrite(text->bytes, 1, text->length, out) == text->length;
	written = fclose(out) == 0 && written;
	if (written && rename(new_path, path) == 0)
		return 0;
	int failed = complain(path);
	(void)unlink(new_path);
	return failed;
}

int file_write(const char *name, void (*emit)(FILE *, const struct plan *), const struct plan *plan)
{
	const char *path = out_path(name);
	size_t faults_before = graph.n_faults;
	struct text text;

	emit(text_begin(&text), plan);
	(void)text_end(&text);
	/* A module's text that cannot be written as it stands. */
	if (graph.n_faults > faults_before) {
		(void)faults_print(stderr);
		return 1;
	}
	return holds(path, &text) ? 0 : replace(path, &text);
}
