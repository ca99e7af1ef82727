/* SPDX-License-Identifier: ISC */
/*
 * The only process of a Linux that measures how fast it reads the card: loads the driver of the
 * controller, reads in pieces of so many bytes as the kernel argument bytes= says, past the page
 * cache, for a second, and says how much that was.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { PAGE_BYTES = 4096, BYTES_MAX = 1 << 20 };

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void load(const char *path)
{
	int fd = open(path, O_RDONLY);

	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0) != 0)
		perror(path);
	close(fd);
}

/* The card is found a moment after its driver is loaded. */
static int open_card(const char *path)
{
	const struct timespec pause = {.tv_nsec = 10000000};
	int fd = -1;

	for (unsigned i = 0; i < 1000 && fd < 0; i++) {
		fd = open(path, O_RDONLY | O_DIRECT);
		nanosleep(&pause, NULL);
	}
	if (fd < 0)
		perror(path);
	return fd;
}

static double measure(int fd, void *memory, size_t bytes)
{
	double begin = seconds(), took = 0, sum = 0;

	while (took < 1) {
		ssize_t n = read(fd, memory, bytes);

		if (n < 0)
			perror("read");
		if (n < (ssize_t)bytes)
			lseek(fd, 0, SEEK_SET);
		sum += (double)n;
		took = seconds() - begin;
	}
	return sum / took;
}

int main(void)
{
	const char *bytes = getenv("bytes");
	void *memory;

	mount("none", "/dev", "devtmpfs", 0, NULL);
	load("/modules/bcm2835.ko");
	int fd = open_card("/dev/mmcblk0");
	if (posix_memalign(&memory, PAGE_BYTES, BYTES_MAX) == 0 && fd >= 0)
		printf("%.0f KiB/s\n",
		       measure(fd, memory, bytes != NULL ? strtoul(bytes, NULL, 10) : PAGE_BYTES) /
			       1024);
	fflush(stdout);
	for (;;)
		pause();
}
