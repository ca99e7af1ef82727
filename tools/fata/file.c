/* SPDX-License-Identifier: ISC */
#include "tools/fata/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/fata/fata.h"

/* Reads until `size` bytes or the end; -1 with errno. */
static ssize_t read_all(int fd, uint8_t *to, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = read(fd, to + done, size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

static bool read_opened(struct file *f, int fd)
{
	struct stat s;

	if (fstat(fd, &s) != 0) {
		complain("%s: %s", f->path, strerror(errno));
		return false;
	}
	if (!S_ISREG(s.st_mode)) {
		complain("%s is not a file", f->path);
		return false;
	}
	if ((uintmax_t)s.st_size > FILE_BYTES_MAX) {
		complain("%s has more than 1 GiB: that is no image", f->path);
		return false;
	}
	f->bytes = allocate((size_t)s.st_size + 1);
	ssize_t n = read_all(fd, f->bytes, (size_t)s.st_size);
	if (n < 0) {
		complain("%s: %s", f->path, strerror(errno));
		file_free(f);
		return false;
	}
	f->size = (size_t)n;
	return true;
}

bool file_read(struct file *f, const char *path)
{
	*f = (struct file){.path = path};
	/* Without waiting for the other end of a pipe, which is refused below. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		complain("%s: %s", path, strerror(errno));
		return false;
	}
	bool good = read_opened(f, fd);
	close(fd);
	return good;
}

void file_free(struct file *f)
{
	free(f->bytes);
	f->bytes = NULL;
	f->size = 0;
}

static bool write_all(int fd, const uint8_t *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, bytes, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		bytes += n;
		size -= (size_t)n;
	}
	return true;
}

/* Owner first, since a change of it clears set-user-ID; a user who may not give files away keeps
 * it. */
static bool copy_mode(int fd, const struct stat *s)
{
	if (fchown(fd, s->st_uid, s->st_gid) != 0 && errno != EPERM)
		return false;
	return fchmod(fd, s->st_mode & 07777) == 0;
}

/* Makes the new name durable; what cannot be synced (some file systems) is not worth a failure. */
static void sync_folder(const char *path)
{
	char *folder = path_folder(path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		(void)fsync(fd);
		close(fd);
	}
	free(folder);
}

static bool replace(const char *path, char *temporary, const uint8_t *bytes, size_t size)
{
	struct stat s;

	if (stat(path, &s) != 0)
		return false;
	int fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return false;
	bool good = write_all(fd, bytes, size) && copy_mode(fd, &s) && fsync(fd) == 0;
	int error = errno;
	if (close(fd) != 0 && good) {
		good = false;
		error = errno;
	}
	if (good && rename(temporary, path) == 0) {
		sync_folder(path);
		return true;
	}
	if (good)
		error = errno;
	unlink(temporary);
	errno = error;
	return false;
}

bool file_replace(const char *path, const uint8_t *bytes, size_t size)
{
	char *real = realpath(path, NULL); /* what a link points to is replaced, not the link */
	if (real == NULL) {
		complain("%s: %s", path, strerror(errno));
		return false;
	}
	char *temporary = text_of("%s.XXXXXX", real);
	bool good = replace(real, temporary, bytes, size);
	if (!good)
		complain("%s could not be written: %s", path, strerror(errno));
	free(temporary);
	free(real);
	return good;
}

bool file_exists(const char *path)
{
	struct stat s;
	return stat(path, &s) == 0 && S_ISREG(s.st_mode);
}

bool folder_exists(const char *path)
{
	struct stat s;
	return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

const char *path_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash != NULL ? slash + 1 : path;
}

char *path_with_suffix(const char *path, const char *suffix)
{
	const char *dot = strrchr(path_name(path), '.');
	int len = dot != NULL ? (int)(dot - path) : (int)strlen(path);
	return text_of("%.*s%s", len, path, suffix);
}

char *path_folder(const char *path)
{
	const char *name = path_name(path);
	if (name == path)
		return duplicate(".");
	if (name == path + 1)
		return duplicate("/");
	return text_of("%.*s", (int)(name - path - 1), path);
}

bool path_ends(const char *path, const char *suffix)
{
	size_t len = strlen(path), n = strlen(suffix);
	return len >= n && strcmp(path + len - n, suffix) == 0;
}
