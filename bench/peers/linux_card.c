/* SPDX-License-Identifier: ISC */
/*
 * The only process of a Linux that measures how fast it reads a disk: loads the driver of the
 * controller, and reads past the page cache for a second; in pieces of so many bytes as the kernel
 * argument bytes= says, one after the other, or, with depth=32, so many at a time at random places.
 * The disk is the memory card, or with bus=mmio or bus=pci what virtio has.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { PAGE_BYTES = 4096, BYTES_MAX = 1 << 20, DEPTH_MAX = 64 };

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

/* --- at random places ------------------------------------------------------------------------ */

static uint64_t random_piece(uint64_t pieces)
{
	static uint64_t state = 88172645463325252u; /* xorshift */

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % pieces;
}

static void aim(struct iocb *io, uint64_t disk_bytes)
{
	io->aio_offset = (int64_t)(random_piece(disk_bytes / io->aio_nbytes) * io->aio_nbytes);
}

/* Reads a second, `depth` at a time (io_submit(2)). */
static double measure_random(int fd, uint8_t *memory, size_t bytes, unsigned depth)
{
	static struct iocb io[DEPTH_MAX];
	struct iocb *list[DEPTH_MAX];
	struct io_event events[DEPTH_MAX];
	uint64_t disk_bytes = (uint64_t)lseek(fd, 0, SEEK_END);
	double begin, took = 0, sum = 0;
	aio_context_t context = 0;
	long n = depth;

	if (syscall(SYS_io_setup, depth, &context) != 0)
		perror("io_setup");
	for (unsigned i = 0; i < depth; i++) {
		io[i] = (struct iocb){.aio_fildes = (uint32_t)fd,
				      .aio_lio_opcode = IOCB_CMD_PREAD,
				      .aio_buf = (uintptr_t)memory + i * bytes,
				      .aio_nbytes = bytes};
		aim(&io[i], disk_bytes);
		list[i] = &io[i];
	}
	begin = seconds();
	while (took < 1 && n > 0) {
		if (syscall(SYS_io_submit, context, n, list) != n)
			perror("io_submit");
		n = syscall(SYS_io_getevents, context, 1L, (long)depth, events, NULL);
		for (long i = 0; i < n; i++) {
			list[i] = (struct iocb *)(uintptr_t)events[i].obj;
			aim(list[i], disk_bytes);
		}
		sum += (double)n;
		took = seconds() - begin;
	}
	return sum / took;
}

static void load_virtio(const char *bus)
{
	load("/modules/virtio.ko");
	load("/modules/virtio_ring.ko");
	if (strcmp(bus, "pci") == 0) {
		load("/modules/virtio_pci_legacy_dev.ko");
		load("/modules/virtio_pci_modern_dev.ko");
		load("/modules/virtio_pci.ko");
	} else {
		load("/modules/virtio_mmio.ko");
	}
	load("/modules/virtio_blk.ko");
}

static int open_disk(void)
{
	const char *bus = getenv("bus");

	mount("none", "/dev", "devtmpfs", 0, NULL);
	if (bus == NULL) {
		load("/modules/bcm2835.ko");
		return open_card("/dev/mmcblk0");
	}
	load_virtio(bus);
	return open_card("/dev/vda");
}

static unsigned long number(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text != NULL ? strtoul(text, NULL, 10) : otherwise;
}

int main(void)
{
	size_t bytes = number("bytes", PAGE_BYTES);
	unsigned long depth = number("depth", 1);
	void *memory;
	int fd = open_disk();

	if (posix_memalign(&memory, PAGE_BYTES, BYTES_MAX) != 0 || fd < 0 || depth > DEPTH_MAX ||
	    bytes * depth > BYTES_MAX)
		printf("cannot measure\n");
	else if (depth > 1)
		printf("%.0f reads/s\n", measure_random(fd, memory, bytes, (unsigned)depth));
	else
		printf("%.0f KiB/s\n", measure(fd, memory, bytes) / 1024);
	fflush(stdout);
	for (;;)
		pause();
}
